// Puts a map that can be moved over each drawn map of the places page. Where WebGL, the script or the data fail, the drawn map stays.
// Shows only what the drawn map shows, from the same address and under the same permission. Everything comes from this service.

const figures = [...document.querySelectorAll('.hw-map[data-places]')];
const live = [];
let library;

function canDraw() {
  try {
    return Boolean(window.WebGL2RenderingContext && document.createElement('canvas').getContext('webgl2'));
  } catch {
    return false;
  }
}

async function loadLibrary() {
  const sheet = document.createElement('link');
  sheet.rel = 'stylesheet';
  sheet.href = new URL('./maplibre-gl.css', import.meta.url).href;
  const styled = new Promise((resolve, reject) => {
    sheet.addEventListener('load', resolve);
    sheet.addEventListener('error', reject);
  });
  document.head.append(sheet);
  const maplibre = await import('./maplibre-gl.mjs');
  await styled;
  maplibre.setWorkerUrl(new URL('./maplibre-gl-worker.mjs', import.meta.url).href);
  return maplibre;
}

function boundsOf(collection) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const visit = (part) => {
    if (typeof part[0] === 'number') {
      box[0] = Math.min(box[0], part[0]);
      box[1] = Math.min(box[1], part[1]);
      box[2] = Math.max(box[2], part[0]);
      box[3] = Math.max(box[3], part[1]);
    } else part.forEach(visit);
  };
  for (const feature of collection.features) visit(feature.geometry.coordinates);
  return box;
}

/** Diagonal lines on white, as the drawn map has them. */
function hatch() {
  const size = 6;
  const data = new Uint8Array(size * size * 4);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const inked = (x + y) % size < 2;
      data.set(inked ? [80, 90, 95, 255] : [255, 255, 255, 255], (y * size + x) * 4);
    }
  }
  return { width: size, height: size, data };
}

const is = (state) => ['==', ['get', 'state'], state];
const isPlace = (feature) => ['all', ['!', is('ground')], ['==', ['get', 'code'], feature ? feature.properties.code : '']];

function styleOf(collection) {
  return {
    version: 8,
    sources: { places: { type: 'geojson', data: collection, tolerance: 0.1 } },
    layers: [
      { id: 'paper', type: 'background', paint: { 'background-color': '#ffffff' } },
      { id: 'ground', type: 'fill', source: 'places', filter: is('ground'), paint: { 'fill-color': '#f3f2f1', 'fill-outline-color': '#b1b4b6' } },
      { id: 'shown', type: 'fill', source: 'places', filter: is('shown'), paint: { 'fill-color': ['coalesce', ['get', 'colour'], '#ffffff'] } },
      { id: 'shown-line', type: 'line', source: 'places', filter: is('shown'), paint: { 'line-color': '#ffffff', 'line-width': 0.8 } },
      { id: 'missing', type: 'fill', source: 'places', filter: is('missing'), paint: { 'fill-color': '#ffffff', 'fill-opacity': 0.01 } },
      { id: 'missing-line', type: 'line', source: 'places', filter: is('missing'), paint: { 'line-color': '#505a5f', 'line-width': 0.8, 'line-dasharray': [2, 2] } },
      { id: 'suppressed-line', type: 'line', source: 'places', filter: is('suppressed'), paint: { 'line-color': '#505a5f', 'line-width': 0.6 } },
      { id: 'pointed', type: 'line', source: 'places', filter: isPlace(undefined), paint: { 'line-color': '#0b0c0c', 'line-width': 3 } },
    ],
  };
}

function describe(feature) {
  const box = document.createElement('div');
  const name = document.createElement('strong');
  name.textContent = feature.properties.name;
  const words = document.createElement('div');
  words.textContent = feature.properties.words;
  box.append(name, words);
  if (feature.properties.href) {
    const link = document.createElement('a');
    link.className = 'govuk-link';
    link.href = feature.properties.href;
    link.textContent = 'Show this area alone';
    box.append(link);
  }
  return box;
}

function explain(map, maplibre, figure) {
  const popup = new maplibre.Popup({ closeButton: true, closeOnMove: false, maxWidth: '260px', className: 'hw-map__popup' });
  const spoken = figure.querySelector('.hw-map__spoken');
  const layers = ['shown', 'suppressed', 'missing'];
  const find = (point) => map.queryRenderedFeatures(point, { layers: layers.filter((id) => map.getLayer(id)) })[0];
  const mark = (feature) => map.setFilter('pointed', isPlace(feature));
  const show = (feature, place) => {
    mark(feature);
    if (!feature) return popup.remove();
    return popup.setLngLat(place).setDOMContent(describe(feature)).addTo(map);
  };
  const canvas = map.getCanvas();
  map.on('mousemove', (event) => {
    const feature = find(event.point);
    canvas.style.cursor = feature ? 'pointer' : '';
    if (!popup.isOpen()) mark(feature);
  });
  map.on('click', (event) => show(find(event.point), event.lngLat));
  const middle = () => map.project(map.getCenter());
  const say = () => {
    if (document.activeElement !== canvas) return;
    const feature = find(middle());
    spoken.textContent = feature ? `In the middle: ${feature.properties.name}: ${feature.properties.words}` : 'In the middle: no area';
    mark(feature);
  };
  map.on('moveend', say);
  canvas.addEventListener('focus', say);
  canvas.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    show(find(middle()), map.getCenter());
  });
  map.getContainer().addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !popup.isOpen()) return;
    popup.remove();
    canvas.focus();
  });
}

/** Maps side by side move together. */
function follow(map) {
  let following = false;
  map.on('move', () => {
    if (following) return;
    for (const other of live) if (other.map !== map) other.follow(map);
  });
  live.push({
    map,
    follow(leader) {
      following = true;
      map.jumpTo({ center: leader.getCenter(), zoom: leader.getZoom() });
      following = false;
    },
  });
}

async function bringToLife(figure) {
  const reply = await fetch(figure.dataset.places, { headers: { accept: 'application/geo+json' } });
  if (!reply.ok || reply.redirected) throw new Error('no shapes');
  const collection = await reply.json();
  if (collection.features.length === 0) return;
  library ??= loadLibrary();
  const maplibre = await library;
  const box = figure.querySelector('.hw-map__box');
  const place = document.createElement('div');
  place.className = 'hw-map__live';
  box.append(place);
  const bounds = boundsOf(collection);
  const map = new maplibre.Map({
    container: place,
    style: styleOf(collection),
    bounds,
    fitBoundsOptions: { padding: 8 },
    attributionControl: false,
    cooperativeGestures: true,
    dragRotate: false,
    pitchWithRotate: false,
    maxZoom: 16,
    renderWorldCopies: false,
    locale: {
      'Map.Title': `${figure.dataset.title}. Arrow keys move the map, plus and minus zoom, Enter names the place in the middle.`,
      'CooperativeGesturesHandler.WindowsHelpText': 'Hold Ctrl and scroll to zoom the map',
      'CooperativeGesturesHandler.MacHelpText': 'Hold ⌘ and scroll to zoom the map',
      'CooperativeGesturesHandler.MobileHelpText': 'Use two fingers to move the map',
    },
  });
  map.keyboard.disableRotation();
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), 'top-right');
  map.addControl(new maplibre.ScaleControl({ unit: 'metric' }), 'bottom-left');
  await new Promise((resolve, reject) => {
    map.once('load', resolve);
    map.once('error', reject);
    setTimeout(reject, 20_000, new Error('the map did not load'));
  }).catch((error) => {
    map.remove();
    place.remove();
    throw error;
  });
  map.addImage('hatch', hatch());
  map.addLayer({ id: 'suppressed', type: 'fill', source: 'places', filter: is('suppressed'), paint: { 'fill-pattern': 'hatch' } }, 'suppressed-line');
  explain(map, maplibre, figure);
  follow(map);
  figure.classList.add('hw-map--live');
  box.querySelector('svg').setAttribute('aria-hidden', 'true');
}

if (figures.length > 0 && canDraw()) {
  const watcher = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      bringToLife(target).catch(() => target.classList.add('hw-map--still'));
    }
  }, { rootMargin: '200px' });
  for (const figure of figures) watcher.observe(figure);
}
