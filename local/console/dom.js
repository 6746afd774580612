// Making and changing elements. Data only ever becomes text or attribute values.

const SVG = 'http://www.w3.org/2000/svg';

export function el(name, attributes, ...children) {
  return fill(document.createElement(name), attributes, children);
}

export function svg(name, attributes, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function fill(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else if (value === true) node.setAttribute(key, '');
    else if (value !== false && value != null) node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

// Writing what is already there would make the browser lay out again, and a
// screen reader speak again.
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function mark(node, name, value) {
  if (value == null) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

export const byId = (id) => document.getElementById(id);

export function table(caption, heads) {
  const body = el('tbody');
  const row = el('tr', {}, ...heads.map((head) => el('th', { scope: 'col' }, head)));
  const title = el('caption', {}, caption);
  return { body, node: el('table', {}, title, el('thead', {}, row), body) };
}

// Makes `body` show `rows` (arrays of texts) and touches only cells that changed.
export function fillRows(body, rows, name = () => ({})) {
  while (body.rows.length > rows.length) body.deleteRow(-1);
  rows.forEach((cells, at) => {
    const row = body.rows[at] ?? body.insertRow();
    while (row.cells.length < cells.length) {
      row.append(row.cells.length ? el('td') : el('th', { scope: 'row' }));
    }
    cells.forEach((text, column) => say(row.cells[column], String(text)));
    for (const [key, value] of Object.entries(name(at))) mark(row, key, value);
  });
}
