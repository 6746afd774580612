// When to draw. On a small machine the page shares the processor with what it shows:
// the longer a picture took, the later the next one comes.

// Of the time, for drawing: where it takes 5 ms, as on an idle laptop, each of the feed's
// four messages a second is drawn; where it has to wait for others, fewer.
const SHARE = 0.03;
// What is posted has to be seen within 2 s: Firehose takes 1, the feed a quarter.
const LONGEST_MS = 700;

// `soon` is for what the stack tells, `now` for whoever turns, types or points: both draw
// at most once a frame.
export function pace(draw) {
  const painted = new MessageChannel();
  let [began, next, asked, waits] = [0, 0, false, null];
  // A message comes after the frame that it was sent in has been laid out and painted.
  painted.port1.onmessage = () => {
    const now = performance.now();
    next = now + Math.min(LONGEST_MS, (now - began) / SHARE);
  };

  function now() {
    if (asked) return;
    asked = true;
    clearTimeout(waits);
    waits = null;
    requestAnimationFrame(() => {
      asked = false;
      began = performance.now();
      painted.port2.postMessage(null);
      draw(began);
    });
  }

  function soon() {
    const wait = next - performance.now();
    if (wait <= 0) now();
    else waits ??= setTimeout(now, wait);
  }

  return { now, soon };
}
