// The list of lines, at whose end a reader stays who is there.

const MOST_ROWS = 200;

export function logTail(list) {
  let [follows, isBehind] = [true, false];

  // Not away from a line that somebody has opened.
  function isFollowed() {
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 30;
    return isAtEnd && !list.querySelector('details[open]');
  }

  // A reader may have scrolled away, and the page on, before the next lines come.
  list.addEventListener('scroll', () => {
    if (!isBehind) follows = isFollowed();
  });

  // Scrolling costs a frame of its own: it waits until somebody looks.
  function look() {
    if (isBehind && follows) list.scrollTop = list.scrollHeight;
    isBehind = false;
  }

  return {
    most: MOST_ROWS,
    look,
    show(rows, isAnew, isSeen) {
      if (isAnew) follows = true;
      else if (isSeen && !isBehind) follows = isFollowed();
      if (isAnew) list.replaceChildren(...rows);
      else list.append(...rows);
      while (list.childElementCount > MOST_ROWS) list.firstElementChild.remove();
      isBehind ||= rows.length > 0;
      if (isSeen) look();
    },
  };
}
