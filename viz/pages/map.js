/* The map of citytwin on deck.gl: fills pydeck's layers by id from open blocks, moves them in time without losing the view. */
(function () {
  "use strict";

  const { CLOSED, NO_VEHICLE, unpack, openBlocks, colour, table, levels, homeOf } = window.cityBlocks;

  /* Short strokes across some rows of a shape, every so many metres: a shape of their own. */
  function strokes(shape, rows, metres, half) {
    const found = [], perLat = 111320;
    for (const row of rows) {
      let left = metres / 2;
      for (let i = shape.starts[row]; i + 1 < shape.starts[row + 1]; i += 1) {
        const x = shape.xy[2 * i], y = shape.xy[2 * i + 1], perLon = perLat * Math.cos((y * Math.PI) / 180);
        const dx = (shape.xy[2 * i + 2] - x) * perLon, dy = (shape.xy[2 * i + 3] - y) * perLat, long = Math.hypot(dx, dy);
        for (; left < long; left += metres) {
          const at = left / long, ux = dx / long, uy = dy / long, cx = x + (at * dx) / perLon, cy = y + (at * dy) / perLat;
          const sx = ((ux - uy) * half) / perLon, sy = ((ux + uy) * half) / perLat;
          found.push(cx - sx, cy - sy, cx + sx, cy + sy);
        }
        left -= long;
      }
    }
    const count = found.length / 4;
    return { starts: Uint32Array.from({ length: count + 1 }, (_, row) => 2 * row), xy: Float64Array.from(found), count };
  }

  /* Paths [[lon, lat], ...] as one shape. */
  function shapeOf(paths) {
    const starts = new Uint32Array(paths.length + 1);
    paths.forEach((path, row) => { starts[row + 1] = starts[row] + path.length; });
    return { starts, xy: Float64Array.from(paths.flat(2)), count: paths.length };
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
      this.pictures = 0;
      this.tables = {
        speed: spec.levels ? levels(spec.levels) : table(spec.scales.speed, (code) => code / 200),
        depth: table(spec.scales.depth, (code) => code / 100),
        density: table(spec.scales.density, (code) => (code - 1) / 40),
      };
      const ground = options && options.tiles ? [{ "@@type": "BitmapLayer", id: "tiles", bounds: [0, 0, 0, 0] }] : [];
      const json = { ...spec.deck, initialViewState: this.home(), layers: [...ground, ...spec.deck.layers] };
      json.parameters = { clearColor: spec.page.map((c) => c / 255).concat(1) };
      const probe = window.cityProbe || document.createElement("canvas").getContext("webgl2");
      if (!probe) throw new Error("WebGL"); /* deck.gl would tell it later, to nobody */
      const slow = window.cityMoving.drawnByProcessor(probe);
      json.deviceProps = { type: "webgl", webgl: { preserveDrawingBuffer: true, antialias: !slow } };
      this.deck = window.createDeck({ container, jsonInput: json, tooltip: false });
      if (!this.deck) throw new Error("WebGL");
      this.moving = slow ? new window.cityMoving.MovingPicture(this.deck) : null;
      this.templates = Object.fromEntries(this.deck.props.layers.map((layer) => [layer.id, layer]));
      this.order = this.deck.props.layers.map((layer) => layer.id);
      this.layers = {};
      this.tiles = ground.length ? new window.CityTiles(options.tiles, () => this.retile()) : null;
      this.view = this.home();
      this.deck.setProps({
        getTooltip: (info) => this.tooltip(info, this),
        onClick: (info) => { if (options && options.picked) options.picked(info); },
        onAfterRender: () => { if ((this.pictures += 1) === 1) requestAnimationFrame(() => requestAnimationFrame(() => { if (this.deck.layerManager) this.draw(); })); },
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
      const width = this.container.clientWidth || 600, height = this.container.clientHeight || 400;
      return homeOf(this.spec.deck.initialViewState, this.blocks.box, width, height);
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

    /* A layer as a mesh; colours: RGBA by row, or one for all; widths: by row, 0 for rows that are not shown. */
    mesh(id, shape, cap, widths, colours) {
      const like = this.templates[id];
      if (!like) return;
      const { opacity, pickable, widthUnits, widthMinPixels, getColor, getFillColor } = like.props;
      const tones = colours || new Uint8Array(4 * shape.count), all = [getColor, getFillColor].find((one) => one instanceof Array) || [0, 0, 0];
      if (!colours) for (let row = 0; row < shape.count; row += 1) tones.set([all[0], all[1], all[2], all[3] === undefined ? 255 : all[3]], 4 * row);
      this.layers[id] = new window.cityMesh.MeshLayer({
        id, shape, cap, look: { colours: tones, widths }, opacity, pickable, metres: widthUnits !== "pixels", leastPixels: widthMinPixels,
      });
    }

    /* Some streets, each in a width and, where it has one, a colour of its own: [{row, width, colour}]. */
    someStreets(id, rows, cap) {
      const streets = this.blocks.streets, widths = new Float32Array(streets.count);
      const tones = rows.some((one) => one.colour) ? new Uint8Array(4 * streets.count) : null;
      for (const { row, width, colour: tone } of rows) {
        widths[row] = width;
        if (tones) tones.set([tone[0], tone[1], tone[2], tone[3] === undefined ? 255 : tone[3]], 4 * row);
      }
      this.mesh(id, streets, cap, widths, tones);
    }

    set(id, props) {
      const nothing = props.data instanceof Array && !props.data.length; /* a layer of nothing still costs its program */
      if (this.templates[id]) this.layers[id] = nothing ? null : this.templates[id].clone(props);
    }

    /* The streets first: signs and names wait for the first picture, since their programs take long to make. */
    draw() {
      const found = this.order.map((id) => this.layers[id]).filter((layer) => layer && (this.pictures || layer instanceof window.cityMesh.MeshLayer));
      this.deck.setProps({ layers: [...(this.ground || []), ...found] });
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
        this.mesh(name, b[name], 0, new Float32Array(b[name].count).fill(1), null);
      }
      this.retile();
      this.mesh("streets", b.streets, 1, b.width, null);
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
      const b = this.blocks, look = this.tables.speed, n = b.streets.count;
      this.codes = codes;
      const tones = new Uint8Array(4 * n), widths = new Float32Array(n), closed = [];
      for (let row = 0; row < n; row += 1) {
        const code = codes[row];
        if (code === CLOSED) { closed.push({ row, width: 4.5 }); widths[row] = 4.5; } /* clear here, and still told under the pointer */
        if (code >= CLOSED) continue;
        tones.set([look[4 * code], look[4 * code + 1], look[4 * code + 2], 255], 4 * row);
        widths[row] = b.width[row] > 7 ? 4 : 2.6;
      }
      this.mesh("speed", b.streets, 1, widths, tones);
      this.someStreets("closed", closed, 1);
    }

    /* Depth in metres per edge, for the live map. */
    wet(depths) {
      const rows = [], scale = this.spec.scales.depth;
      depths.forEach((depth, row) => { if (depth !== null && depth >= scale.low) rows.push(row); });
      this.depths = depths;
      this.someStreets("wet", rows.map((row) => ({ row, width: 7, colour: [...colour(scale, depths[row]), 190] })), 0);
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
      const look = this.tables.density, n = this.blocks.walk.count;
      this.density = codes;
      const tones = new Uint8Array(4 * n), widths = new Float32Array(n);
      for (let row = 0; row < n; row += 1) {
        const code = codes[row];
        if (!code) continue;
        tones.set([look[4 * code], look[4 * code + 1], look[4 * code + 2], 255], 4 * row);
        widths[row] = Math.min(2.5 + code / 30, 7);
      }
      this.mesh("crowd", this.blocks.walk, 1, widths, tones);
    }

    /* Streets on which a forecast is worth no more than the usual. */
    hatch(rows) {
      const shape = strokes(this.blocks.streets, rows, Math.max(14, rows.length / 40), 4.5);
      this.mesh("hatch", shape, 0, new Float32Array(shape.count).fill(1.2), null);
    }

    /* Queues from the end of their streets backward; share (row): of the street that is full. */
    queues(rows, share) {
      const shape = shapeOf(somePaths(this.blocks.streets, rows).map((one) => lastPart(one.path, share(one.row))));
      this.mesh("queue", shape, 0, new Float32Array(shape.count).fill(9), null);
    }

    areas(rows) { this.someStreets("areas", rows.map((one) => ({ ...one, width: 10 })), 0); }

    things(rows) {
      const at = { getPosition: (d) => [d.lon, d.lat] }, tick = (this.tick += 1);
      this.set("things", { ...at, data: rows, getFillColor: (d) => d.colour, updateTriggers: { getFillColor: tick } });
      this.set("thing_signs", { ...at, data: rows, getText: (d) => d.sign, updateTriggers: { getText: tick } });
    }

    cones(rows) { this.set("cones", { data: rows, getPolygon: (d) => d.sees }); }

    ring(places) { this.set("ring", { data: places, getPosition: (d) => [d.lon, d.lat] }); }

    pickStreet(rows) { this.someStreets("chosen", rows.map((row) => ({ row, width: 9 })), 1); }

    routes(before, after) {
      this.set("before", { data: before.filter((d) => d.path.length > 1), getPath: (d) => d.path });
      this.set("after", { data: after.filter((d) => d.path.length > 1), getPath: (d) => d.path });
    }

    /* Streets that something speaks of, over all others: [{row, colour, width?}]. */
    picked(rows) {
      this.someStreets("picked", rows.map((one) => ({ row: one.row, width: one.width || 7, colour: [...one.colour.slice(0, 3), 230] })), 1);
    }

    units(rows) {
      this.set("units", { data: rows, getPosition: (d) => [d.lon, d.lat], getFillColor: (d) => d.colour || [0, 114, 178] });
    }
  }

  window.cityMap = { openBlocks, unpack, somePaths, CityMap, CLOSED, NO_VEHICLE };
})();
