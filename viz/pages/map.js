/* The map of citytwin on deck.gl: unpacks blocks, fills pydeck's layers by id, moves them in time without losing the view. */
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

  async function polygons(block) {
    const [rings, first] = await Promise.all([lines(block.rings), unpack(block.first_ring)]);
    const found = [];
    for (let p = 0; p + 1 < first.length; p += 1) {
      const polygon = [];
      for (let r = first[p]; r < first[p + 1]; r += 1) {
        const ring = [];
        for (let i = rings.starts[r]; i < rings.starts[r + 1]; i += 1) ring.push([rings.xy[2 * i], rings.xy[2 * i + 1]]);
        polygon.push(ring);
      }
      found.push({ polygon });
    }
    return found;
  }

  /* Everything that a page's maps share, unpacked once. */
  async function openBlocks(blocks) {
    const open = { names: blocks.street_names || [], markers: blocks.markers || [], box: blocks.box };
    const jobs = ["land", "water", "green", "buildings"].map(async (name) => { open[name] = await polygons(blocks[name]); });
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

  /* Short strokes across some rows of a shape, every so many metres: [from, to] as flat arrays of degrees. */
  function strokes(shape, rows, metres, half) {
    const from = [], to = [], perLat = 111320;
    for (const row of rows) {
      let left = metres / 2;
      for (let i = shape.starts[row]; i + 1 < shape.starts[row + 1]; i += 1) {
        const x = shape.xy[2 * i], y = shape.xy[2 * i + 1], perLon = perLat * Math.cos((y * Math.PI) / 180);
        const dx = (shape.xy[2 * i + 2] - x) * perLon, dy = (shape.xy[2 * i + 3] - y) * perLat, long = Math.hypot(dx, dy);
        for (; left < long; left += metres) {
          const at = left / long, ux = dx / long, uy = dy / long, cx = x + (at * dx) / perLon, cy = y + (at * dy) / perLat;
          const sx = ((ux - uy) * half) / perLon, sy = ((ux + uy) * half) / perLat;
          from.push(cx - sx, cy - sy);
          to.push(cx + sx, cy + sy);
        }
        left -= long;
      }
    }
    return [new Float64Array(from), new Float64Array(to)];
  }

  function paths(shape) {
    return { length: shape.count, startIndices: shape.starts, attributes: { getPath: { value: shape.xy, size: 2 } } };
  }

  /* Only some rows of a shape, as plain objects: for layers with few things in them. */
  function somePaths(shape, rows) {
    return rows.map((row) => {
      const path = [];
      for (let i = shape.starts[row]; i < shape.starts[row + 1]; i += 1) path.push([shape.xy[2 * i], shape.xy[2 * i + 1]]);
      return { row, path };
    });
  }

  /* The last share of a path, by length on the map. */
  function lastPart(path, share) {
    const steps = path.slice(1).map((end, i) => Math.hypot(end[0] - path[i][0], end[1] - path[i][1]));
    let left = steps.reduce((sum, step) => sum + step, 0) * Math.min(share, 1);
    const kept = [path[path.length - 1]];
    for (let i = steps.length - 1; i >= 0 && left > 0; i -= 1) {
      const part = Math.min(left / steps[i], 1), end = path[i + 1], begin = path[i];
      kept.unshift([end[0] + (begin[0] - end[0]) * part, end[1] + (begin[1] - end[1]) * part]);
      left -= steps[i];
    }
    return kept.length > 1 ? kept : path;
  }

  function fitZoom(box, width, height) {
    const y = (lat) => Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
    const wide = Math.log2((width * 360) / (512 * Math.max(box[2] - box[0], 1e-6)));
    const high = Math.log2((height * 2 * Math.PI) / (512 * Math.max(y(box[3]) - y(box[1]), 1e-9)));
    return Math.min(wide, high) - 0.04;
  }

  /* Rows whose labels do not touch each other at this zoom, in order of importance; `taken` collects their boxes. */
  function declutter(rows, zoom, size, lift, textOf, angleOf, taken) {
    const world = 512 * 2 ** zoom;
    return rows.filter((row) => {
      const text = textOf(row);
      if (!text) return false;
      let wide = 0;
      for (const letter of text) wide += letter.charCodeAt(0) > 0x2e7f ? 1 : 0.6;
      const w = (wide * size) / 2 + 5, h = size / 2 + 4, turn = (angleOf(row) * Math.PI) / 180;
      const halfX = Math.abs(w * Math.cos(turn)) + Math.abs(h * Math.sin(turn));
      const halfY = Math.abs(w * Math.sin(turn)) + Math.abs(h * Math.cos(turn));
      const x = (row.lon / 360) * world;
      const y = (-Math.log(Math.tan(Math.PI / 4 + (row.lat * Math.PI) / 360)) / (2 * Math.PI)) * world - lift;
      if (taken.some((box) => Math.abs(x - box.x) < halfX + box.halfX && Math.abs(y - box.y) < halfY + box.halfY)) return false;
      taken.push({ x, y, halfX, halfY });
      return true;
    });
  }

  class CityMap {
    constructor(container, spec, blocks, options) {
      this.container = container;
      this.spec = spec;
      this.blocks = blocks;
      this.tooltip = (options && options.tooltip) || (() => null);
      this.onView = null;
      this.tick = 0;
      this.tables = {
        speed: spec.levels ? levels(spec.levels) : table(spec.scales.speed, (code) => code / 200),
        depth: table(spec.scales.depth, (code) => code / 100),
        density: table(spec.scales.density, (code) => (code - 1) / 40),
      };
      const ground = options && options.tiles ? [{ "@@type": "BitmapLayer", id: "tiles", bounds: [0, 0, 0, 0] }] : [];
      const json = { ...spec.deck, initialViewState: this.home(), layers: [...ground, ...spec.deck.layers] };
      json.deviceProps = { type: "webgl", webgl: { preserveDrawingBuffer: true } };
      json.parameters = { clearColor: spec.page.map((c) => c / 255).concat(1) };
      if (!document.createElement("canvas").getContext("webgl2")) throw new Error("WebGL"); /* deck.gl would tell it later, to nobody */
      this.deck = window.createDeck({ container, jsonInput: json, tooltip: false });
      if (!this.deck) throw new Error("WebGL");
      this.templates = Object.fromEntries(this.deck.props.layers.map((layer) => [layer.id, layer]));
      this.order = this.deck.props.layers.map((layer) => layer.id);
      this.layers = {};
      this.tiles = ground.length ? new window.CityTiles(options.tiles, () => this.retile()) : null;
      this.view = this.home();
      this.deck.setProps({
        getTooltip: (info) => this.tooltip(info, this),
        onClick: (info) => { if (options && options.picked) options.picked(info); },
        touchAction: ["live", "quality"].includes(spec.kind) ? "none" : "pan-y",
        onViewStateChange: ({ viewState, interactionState }) => {
          this.view = viewState;
          this.relabel();
          this.retile();
          if (this.onView) this.onView(viewState, interactionState);
        },
      });
      this.fillStill();
    }

    home() {
      const given = this.spec.deck.initialViewState, box = this.blocks.box;
      const width = this.container.clientWidth || 600, height = this.container.clientHeight || 400;
      const zoom = Math.min(Math.max(fitZoom(box, width, height), given.minZoom), given.maxZoom);
      return { ...given, longitude: (box[0] + box[2]) / 2, latitude: (box[1] + box[3]) / 2, zoom };
    }

    look(view) {
      this.view = { ...this.view, ...view, transitionDuration: 0 };
      this.relabel();
      this.retile();
      this.deck.setProps({ initialViewState: { ...this.view } });
    }

    zoomBy(step) {
      this.look({ zoom: Math.min(Math.max(this.view.zoom + step, 10), 19) });
      if (this.onView) this.onView(this.view, {});
    }

    set(id, props) {
      if (this.templates[id]) this.layers[id] = this.templates[id].clone(props);
    }

    draw() {
      this.deck.setProps({ layers: [...(this.ground || []), ...this.order.map((id) => this.layers[id]).filter(Boolean)] });
    }

    /* Pictures of the tile server for this view; the city's own ground again where none of them comes. */
    retile() {
      if (!this.tiles || this.tiling) return;
      this.tiling = setTimeout(() => {
        this.tiling = 0;
        if (!this.tiles) return;
        if (this.tiles.away) {
          this.ground = [];
          this.tiles = null;
          this.fillStill();
          if (this.onGround) this.onGround();
        } else {
          const shown = this.tiles.drawn(this.view, this.container.clientWidth, this.container.clientHeight);
          this.ground = shown.map((one) => this.templates.tiles.clone({ id: `tile-${one.url}`, image: one.image, bounds: one.bounds }));
        }
        this.draw();
      }, 120);
    }

    fillStill() {
      const b = this.blocks;
      for (const name of this.tiles ? [] : ["land", "water", "green", "buildings"]) {
        this.set(name, { data: b[name], getPolygon: (d) => d.polygon });
      }
      this.retile();
      this.set("streets", { data: paths(b.streets), _pathType: "open", getWidth: (_, { index }) => b.width[index] });
      this.markers(b.markers);
    }

    /* Places with a sign and, where there is room, a name; only the kinds that this map is about. */
    markers(rows) {
      const roles = this.spec.roles, glyphs = this.spec.glyphs, kinds = this.spec.marker_kinds;
      this.places = kinds.flatMap((kind) => rows.filter((row) => row.kind === kind));
      const drawn = { data: [...this.places].reverse(), getPosition: (d) => [d.lon, d.lat] };
      this.set("markers", { ...drawn, getFillColor: (d) => roles[d.kind] || [90, 98, 112] });
      this.set("marker_glyphs", { ...drawn, getText: (d) => glyphs[d.kind] || "•" });
      this.labelled = null;
      this.relabel();
    }

    /* Labels again when the zoom has changed enough for them to touch, or to have room. */
    relabel() {
      const zoom = this.view.zoom;
      if (!this.places || (this.labelled !== null && Math.abs(zoom - this.labelled) < 0.2)) return;
      this.labelled = zoom;
      const taken = [], flat = () => 0;
      declutter(this.places, zoom, 11, 0, () => "●●", flat, taken);
      const named = declutter(this.places, zoom, 13, 22, (d) => (d.kind === "stop" ? "" : d.label), flat, taken);
      const streets = declutter(this.blocks.names, zoom, 12, 0, (d) => d.text, (d) => d.angle, taken);
      const at = { getPosition: (d) => [d.lon, d.lat] };
      this.set("marker_labels", { ...at, data: named, getText: (d) => d.label });
      this.set("street_names", { ...at, data: streets, getText: (d) => d.text, getAngle: (d) => d.angle });
      this.draw();
    }

    /* Codes per edge: 0..200 ratio, 254 closed, 255 nobody. */
    roads(codes) {
      const b = this.blocks, look = this.tables.speed, tick = (this.tick += 1);
      this.codes = codes;
      this.set("speed", {
        data: paths(b.streets),
        _pathType: "open",
        getColor: (_, { index }) => {
          const code = codes[index];
          return code >= CLOSED ? [0, 0, 0, 0] : [look[4 * code], look[4 * code + 1], look[4 * code + 2], 255];
        },
        getWidth: (_, { index }) => (codes[index] === NO_VEHICLE ? 0 : b.width[index] > 7 ? 4 : 2.6),
        updateTriggers: { getColor: tick, getWidth: tick },
      });
      const closed = [];
      for (let i = 0; i < b.streets.count; i += 1) if (codes[i] === CLOSED) closed.push(i);
      this.set("closed", { data: somePaths(b.streets, closed), getPath: (d) => d.path });
    }

    /* Depth in metres per edge, for the live map. */
    wet(depths) {
      const rows = [], scale = this.spec.scales.depth;
      depths.forEach((depth, row) => { if (depth !== null && depth >= scale.low) rows.push(row); });
      this.depths = depths;
      this.set("wet", {
        data: somePaths(this.blocks.streets, rows), getPath: (d) => d.path, getColor: (d) => [...colour(scale, depths[d.row]), 190],
      });
    }

    /* One frame of the flood raster, drawn to a picture; cells below 5 cm stay clear. */
    flood(frame) {
      const flood = this.blocks.depth;
      if (!flood || !this.templates.depth) return;
      const [, rows, cols] = flood.frames.shape, look = this.tables.depth;
      const canvas = document.createElement("canvas");
      canvas.width = cols;
      canvas.height = rows;
      const context = canvas.getContext("2d"), image = context.createImageData(cols, rows);
      const from = frame * rows * cols;
      for (let i = 0; i < rows * cols; i += 1) {
        const code = flood.frames[from + i];
        if (!code) continue;
        image.data.set([look[4 * code], look[4 * code + 1], look[4 * code + 2], 235], 4 * i);
      }
      context.putImageData(image, 0, 0);
      this.set("depth", { bounds: flood.corners, image: canvas });
    }

    /* Codes per walk link: 0 nobody, else 1 + 40 x density. */
    crowd(codes) {
      if (!this.blocks.walk) return;
      const look = this.tables.density, tick = (this.tick += 1);
      this.density = codes;
      this.set("crowd", {
        data: paths(this.blocks.walk),
        _pathType: "open",
        getColor: (_, { index }) => {
          const code = codes[index];
          return code ? [look[4 * code], look[4 * code + 1], look[4 * code + 2], 255] : [0, 0, 0, 0];
        },
        getWidth: (_, { index }) => (codes[index] ? Math.min(2.5 + codes[index] / 30, 7) : 0),
        updateTriggers: { getColor: tick, getWidth: tick },
      });
    }

    /* Streets on which a forecast is worth no more than the usual. */
    hatch(rows) {
      const [from, to] = strokes(this.blocks.streets, rows, Math.max(14, rows.length / 40), 4.5);
      const attributes = { getSourcePosition: { value: from, size: 2 }, getTargetPosition: { value: to, size: 2 } };
      this.set("hatch", { data: { length: from.length / 2, attributes } });
    }

    /* Queues from the end of their streets backward; share (row): of the street that is full. */
    queues(rows, share) {
      const data = somePaths(this.blocks.streets, rows).map((one) => ({ ...one, path: lastPart(one.path, share(one.row)) }));
      this.set("queue", { data, getPath: (d) => d.path });
    }

    areas(rows) {
      const colours = new Map(rows.map((one) => [one.row, one.colour]));
      this.set("areas", { data: somePaths(this.blocks.streets, [...colours.keys()]), getPath: (d) => d.path, getColor: (d) => colours.get(d.row) });
    }

    things(rows) {
      const at = { getPosition: (d) => [d.lon, d.lat] }, tick = (this.tick += 1);
      this.set("things", { ...at, data: rows, getFillColor: (d) => d.colour, updateTriggers: { getFillColor: tick } });
      this.set("thing_signs", { ...at, data: rows, getText: (d) => d.sign, updateTriggers: { getText: tick } });
    }

    cones(rows) { this.set("cones", { data: rows, getPolygon: (d) => d.sees }); }

    ring(places) { this.set("ring", { data: places, getPosition: (d) => [d.lon, d.lat] }); }

    pickStreet(rows) { this.set("chosen", { data: somePaths(this.blocks.streets, rows), getPath: (d) => d.path }); }

    routes(before, after) {
      this.set("before", { data: before.filter((d) => d.path.length > 1), getPath: (d) => d.path });
      this.set("after", { data: after.filter((d) => d.path.length > 1), getPath: (d) => d.path });
    }

    /* Streets that something speaks of, over all others: [{row, colour, width?}]. */
    picked(rows) {
      const found = somePaths(this.blocks.streets, rows.map((one) => one.row)).map((path, i) => ({ ...path, ...rows[i] }));
      this.set("picked", { data: found, getPath: (d) => d.path, getColor: (d) => [...d.colour, 230], getWidth: (d) => d.width || 7 });
    }

    units(rows) {
      this.set("units", { data: rows, getPosition: (d) => [d.lon, d.lat], getFillColor: (d) => d.colour || [0, 114, 178] });
    }
  }

  window.cityMap = { openBlocks, unpack, somePaths, CityMap, CLOSED, NO_VEHICLE };
})();
