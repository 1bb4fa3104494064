/* What a server or a report packs for a map, open: shapes in degrees, codes, colours by code, and where it all lies. */
(function () {
  "use strict";

  const KINDS = { uint8: Uint8Array, int32: Int32Array, float32: Float32Array };
  const CLOSED = 254, NO_VEHICLE = 255, PER_DEGREE = 1e6;

  async function unpack(packed) {
    const text = atob(packed.gz);
    const raw = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i += 1) raw[i] = text.charCodeAt(i);
    const stream = new Blob([raw]).stream().pipeThrough(new DecompressionStream("gzip"));
    const array = new KINDS[packed.dtype](await new Response(stream).arrayBuffer());
    array.shape = packed.shape;
    return array;
  }

  async function lines(shapes) {
    const [starts, deltas] = await Promise.all([unpack(shapes.starts), unpack(shapes.xy)]);
    const xy = new Float64Array(deltas.length);
    let x = 0, y = 0;
    for (let i = 0; i < deltas.length; i += 2) {
      x += deltas[i];
      y += deltas[i + 1];
      xy[i] = x / PER_DEGREE;
      xy[i + 1] = y / PER_DEGREE;
    }
    return { starts, xy, count: starts.length - 1 };
  }

  /* Areas with their triangles: corners count from the first point of all. */
  async function areas(block) {
    const [points, corners, firstCorner] = await Promise.all([lines(block.points), unpack(block.corners), unpack(block.first_corner)]);
    const found = new Uint32Array(corners.length);
    for (let i = 0, at = 0; i < corners.length; i += 1) { at += corners[i]; found[i] = at; }
    return { ...points, corners: found, firstCorner };
  }

  /* Everything that a page's maps share, unpacked once. */
  async function openBlocks(blocks) {
    const open = { names: blocks.street_names || [], markers: blocks.markers || [], box: blocks.box };
    const jobs = ["land", "water", "green", "buildings"].map(async (name) => { open[name] = await areas(blocks[name]); });
    jobs.push((async () => { open.streets = await lines(blocks.streets); })());
    jobs.push((async () => { open.width = await unpack(blocks.street_width_m); })());
    if (blocks.walk) jobs.push((async () => { open.walk = await lines(blocks.walk); })());
    for (const kind of ["roads", "crowd"]) {
      open[kind] = {};
      for (const [key, packed] of Object.entries(blocks[kind] || {})) {
        jobs.push((async () => { open[kind][key] = await unpack(packed); })());
      }
    }
    if (blocks.depth) {
      jobs.push((async () => { open.depth = { ...blocks.depth, frames: await unpack(blocks.depth.frames) }; })());
    }
    await Promise.all(jobs);
    return open;
  }

  function colour(scale, value) {
    const stops = scale.stops;
    const share = Math.min(Math.max((value - scale.low) / (scale.high - scale.low), 0), 1) * (stops.length - 1);
    const left = Math.min(Math.floor(share), stops.length - 2), part = share - left;
    return stops[left].map((x, i) => Math.round(x + (stops[left + 1][i] - x) * part));
  }

  function table(scale, valueOf) {
    const colours = new Uint8ClampedArray(256 * 4);
    for (let code = 0; code < 256; code += 1) colours.set([...colour(scale, valueOf(code)), 255], 4 * code);
    return colours;
  }

  /* Colours by level of service: [letter, least share, colour], the best first. */
  function levels(given) {
    const colours = new Uint8ClampedArray(256 * 4);
    for (let code = 0; code < 256; code += 1) {
      const level = given.find(([, least]) => code / 200 >= least - 1e-9) || given[given.length - 1];
      colours.set([...level[2], 255], 4 * code);
    }
    return colours;
  }

  function fitZoom(box, width, height) {
    const y = (lat) => Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
    const wide = Math.log2((width * 360) / (512 * Math.max(box[2] - box[0], 1e-6)));
    const high = Math.log2((height * 2 * Math.PI) / (512 * Math.max(y(box[3]) - y(box[1]), 1e-9)));
    return Math.min(wide, high) - 0.04;
  }

  /* The view in which everything fits into so many pixels. */
  function homeOf(given, box, width, height) {
    const zoom = Math.min(Math.max(fitZoom(box, width, height), given.minZoom), given.maxZoom);
    return { ...given, longitude: (box[0] + box[2]) / 2, latitude: (box[1] + box[3]) / 2, zoom };
  }

  window.cityBlocks = { CLOSED, NO_VEHICLE, unpack, openBlocks, colour, table, levels, homeOf };
})();
