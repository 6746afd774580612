// The list of agents beside the map: find one, see it named there, go to it.

import { byId, el, say } from '/_console/dom.js';
import { count, duration } from '/_console/format.js';

const MOST = 60;

const collator = new Intl.Collator('en', { numeric: true });

export function agents(redraw, goTo) {
  const [filter, list, more] = [byId('agent-filter'), byId('agent-list'), byId('agent-more')];
  const rows = [];
  let [hovered, focused] = [null, null];
  // Who is there changes seldom, and there may be thousands to sort.
  let [known, sorted] = [null, []];
  filter.addEventListener('input', redraw);

  function row(at) {
    if (rows[at]) return rows[at];
    const [name, age] = [el('span'), el('span', { class: 'quiet' })];
    const hover = (one) => () => {
      hovered = one;
      redraw();
    };
    const focus = (one) => () => {
      focused = one;
      redraw();
    };
    const button = el('button', {
      type: 'button', onclick: () => goTo(rows[at].place),
      onpointerenter: hover(at), onpointerleave: hover(null), onfocus: focus(at), onblur: focus(null),
    }, name, age);
    rows[at] = { item: el('li', {}, button), name, age, place: null };
    list.append(rows[at].item);
    return rows[at];
  }

  return {
    chosen: () => rows[hovered ?? focused]?.place?.name,
    draw(positions, now) {
      if (known !== positions || sorted.length !== positions.size) {
        [known, sorted] = [positions, [...positions.keys()].sort(collator.compare)];
      }
      const wanted = filter.value.trim().toLowerCase();
      const found = sorted.filter((name) => name.toLowerCase().includes(wanted));
      const shown = Math.min(found.length, MOST);
      for (let at = 0; at < Math.max(shown, rows.length); at += 1) {
        const one = row(at);
        const name = found[at];
        one.item.hidden = at >= shown;
        one.place = at < shown ? { name, ...positions.get(name) } : null;
        if (at >= shown) continue;
        say(one.name, name);
        say(one.age, duration(now - one.place.at));
      }
      say(more, rest(sorted.length, found.length, shown, wanted));
    },
  };
}

function rest(all, found, shown, wanted) {
  if (!all) return 'No agent has been heard of yet.';
  if (wanted && !found) return 'No agent is called so.';
  return found > shown ? `and ${count(found - shown)} more` : '';
}
