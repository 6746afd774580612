// Where the nodes and arrows of the pipeline are, for a wide and a narrow page.

const HEIGHT = 56;

// `unused`: how much of the top is empty without Valkey.

const WIDE = {
  width: 1240, height: 360, node: 120, unused: 96,
  nodes: {
    valkey: [232, 4],
    phones: [12, 104], ingest: [232, 104], queue: [452, 104], forward: [672, 104], firehose: [892, 104], files: [1112, 104],
    riders: [12, 208], actions: [232, 208], dead: [500, 208],
    scheduler: [12, 300], publish: [232, 300], lessons: [452, 300], watch: [672, 300], alerts: [892, 300],
  },
  elbows: {
    'actions-queue': { points: [[352, 236], [476, 236], [476, 160]], label: [414, 229], below: [414, 253], anchor: 'middle' },
    'queue-dead': { points: [[540, 160], [540, 208]], label: [550, 182], below: [550, 196], anchor: 'start' },
  },
};

const NARROW = {
  width: 376, height: 868, node: 134, unused: 0,
  nodes: {
    phones: [6, 4], ingest: [6, 104], queue: [6, 304], forward: [6, 404], firehose: [6, 504], files: [6, 604],
    valkey: [236, 104], riders: [236, 204], actions: [236, 304], dead: [236, 404],
    scheduler: [236, 506], publish: [236, 606], lessons: [236, 706], watch: [6, 708], alerts: [6, 808],
  },
  elbows: {
    'actions-queue': { points: [[236, 326], [140, 326]], label: [188, 307], below: [188, 320], anchor: 'middle' },
    'queue-dead': { points: [[140, 346], [190, 346], [190, 432], [236, 432]], label: [196, 382], below: [196, 396], anchor: 'start' },
  },
};

export function layout(narrow, arrows) {
  const plan = narrow ? NARROW : WIDE;
  const boxes = {};
  for (const [id, [x, y]] of Object.entries(plan.nodes)) boxes[id] = { x, y, width: plan.node, height: HEIGHT };
  const lines = {};
  for (const { id, from, to } of arrows) {
    lines[id] = plan.elbows[id] ?? straight(boxes[from], boxes[to], plan.width);
  }
  return { width: plan.width, height: plan.height, unused: plan.unused, boxes, lines };
}

function straight(from, to, width) {
  const middle = (box) => [box.x + box.width / 2, box.y + box.height / 2];
  const [fromX, fromY] = middle(from);
  const [toX, toY] = middle(to);
  if (from.y === to.y) {
    const points = [[from.x + from.width, fromY], [to.x, toY]];
    const x = (points[0][0] + points[1][0]) / 2;
    return { points, label: [x, fromY - 8], below: [x, fromY + 17], anchor: 'middle' };
  }
  const down = fromY < toY;
  const points = [[fromX, down ? from.y + from.height : from.y], [toX, down ? to.y : to.y + to.height]];
  const y = (points[0][1] + points[1][1]) / 2;
  // Beside the arrow, where the picture has more room.
  const right = fromX < width * 0.7;
  const x = fromX + (right ? 10 : -10);
  return { points, label: [x, y - 2], below: [x, y + 12], anchor: right ? 'start' : 'end' };
}

// The path to the arrow's head, and the head.
export function strokes(points) {
  const [[beforeX, beforeY], [x, y]] = points.slice(-2);
  const length = Math.hypot(x - beforeX, y - beforeY);
  const [dx, dy] = [(x - beforeX) / length, (y - beforeY) / length];
  const neck = [x - dx * 9, y - dy * 9];
  const corner = (side) => `${neck[0] - dy * 5 * side} ${neck[1] + dx * 5 * side}`;
  const line = [...points.slice(0, -1), neck].map((point) => point.join(' ')).join(' L ');
  return { line: `M ${line}`, head: `M ${x} ${y} L ${corner(1)} L ${corner(-1)} Z` };
}
