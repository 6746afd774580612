// Which part of the earth the map shows, and where on the canvas a place is.

const PADDING = 34;
const LEAST_SPAN = 0.002;
const [LEAST_SCALE, MOST_SCALE] = [1, 5e6];

export function view() {
  let own = null; // chosen by hand: the centre and pixels for each degree; null fits all agents
  let bounds = null;
  let shown = { lat: 0, lon: 0, scale: 1000 };
  let size = { width: 1, height: 1 };

  const squeeze = () => Math.max(0.05, Math.cos((shown.lat * Math.PI) / 180));

  return {
    fit() {
      own = bounds = null;
    },
    zoom(factor) {
      own = { ...shown, scale: Math.min(MOST_SCALE, Math.max(LEAST_SCALE, shown.scale * factor)) };
      shown = own;
    },
    pan(x, y) {
      own = { ...shown, lat: shown.lat + y / shown.scale, lon: shown.lon - x / (shown.scale * squeeze()) };
      shown = own;
    },
    centre(lat, lon) {
      own = { lat, lon, scale: Math.max(shown.scale, 20000) };
    },
    update(places, width, height) {
      size = { width, height };
      if (own) shown = own;
      else if (places.length) {
        bounds = around(places, bounds);
        shown = fitted(bounds, width, height);
      }
    },
    project({ lat, lon }) {
      return {
        x: size.width / 2 + (lon - shown.lon) * shown.scale * squeeze(),
        y: size.height / 2 - (lat - shown.lat) * shown.scale,
      };
    },
    // Lines about every 110 pixels, at round degrees.
    grid() {
      const across = shown.scale * squeeze();
      return {
        lats: lines(shown.lat, size.height / 2 / shown.scale, 110 / shown.scale),
        lons: lines(shown.lon, size.width / 2 / across, 110 / across),
      };
    },
  };
}

// Bounds that stay while they fit well, so that the map does not tremble with
// each agent at its edge.
function around(places, before) {
  const now = { south: Infinity, north: -Infinity, west: Infinity, east: -Infinity };
  for (const { lat, lon } of places) {
    now.south = Math.min(now.south, lat);
    now.north = Math.max(now.north, lat);
    now.west = Math.min(now.west, lon);
    now.east = Math.max(now.east, lon);
  }
  const inside = before && now.south >= before.south && now.north <= before.north && now.west >= before.west && now.east <= before.east;
  const large = before && now.north - now.south < (before.north - before.south) / 2 && now.east - now.west < (before.east - before.west) / 2;
  if (inside && !large) return before;
  const [high, wide] = [(now.north - now.south) * 0.04, (now.east - now.west) * 0.04];
  return { south: now.south - high, north: now.north + high, west: now.west - wide, east: now.east + wide };
}

function fitted({ south, north, west, east }, width, height) {
  const [lat, lon] = [(south + north) / 2, (west + east) / 2];
  const squeeze = Math.max(0.05, Math.cos((lat * Math.PI) / 180));
  const scale = Math.min(
    (width - 2 * PADDING) / (Math.max(east - west, LEAST_SPAN) * squeeze),
    (height - 2 * PADDING) / Math.max(north - south, LEAST_SPAN),
  );
  return { lat, lon, scale: Math.max(LEAST_SCALE, scale) };
}

function lines(centre, half, wanted) {
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = [1, 2, 5, 10].find((one) => one * power >= wanted) * power;
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const found = [];
  for (let at = Math.ceil((centre - half) / step); at * step <= centre + half; at += 1) {
    found.push({ at: at * step, label: `${(at * step).toFixed(digits)}°` });
  }
  return found;
}
