// What all canvases share: size, colours, and words for those who do not see them.

const FUNCTIONS = ['TraceIngest', 'TraceForward', 'Actions', 'SchedulePublish', 'ScheduleWatch'];
const SPOKEN_MS = 5000;

const spoken = new WeakMap();
const dark = matchMedia('(prefers-color-scheme: dark)');
let read = null;
dark.addEventListener('change', () => (read = null));

// The style sheet's custom properties, read once for each colour scheme.
export function colour(name) {
  read ??= { style: getComputedStyle(document.documentElement), known: {} };
  return (read.known[name] ??= read.style.getPropertyValue(`--${name}`).trim());
}

export function functionColour(name) {
  return `function-${FUNCTIONS.indexOf(name) + 1}`;
}

export function inOrder(state) {
  const place = ({ name }) => (FUNCTIONS.indexOf(name) + FUNCTIONS.length + 1) % (FUNCTIONS.length + 1);
  return [...state.functions.values()].sort((a, b) => place(a) - place(b) || a.name.localeCompare(b.name));
}

// Told, not asked: asking for a size makes the browser lay the whole page out.
const sizes = new WeakMap();
const watching = new ResizeObserver((changes) => {
  for (const { target } of changes) sizes.set(target, measure(target));
});

function measure({ clientWidth, clientHeight }) {
  return [clientWidth, clientHeight];
}

function size(canvas) {
  if (!sizes.has(canvas)) {
    sizes.set(canvas, measure(canvas));
    watching.observe(canvas);
  }
  return sizes.get(canvas);
}

// A cleared context whose unit is a CSS pixel, as sharp as the screen is.
export function prepare(canvas) {
  const [width, height] = size(canvas);
  const scale = window.devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
  }
  const context = canvas.getContext('2d');
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = '11px system-ui, sans-serif';
  return { context, width, height };
}

// `words` is only asked for what it says if it is time to say it.
export function describe(canvas, words) {
  if (Date.now() - (spoken.get(canvas) ?? 0) < SPOKEN_MS) return;
  spoken.set(canvas, Date.now());
  canvas.setAttribute('aria-label', words());
}
