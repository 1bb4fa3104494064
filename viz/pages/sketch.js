/* The map as one drawing that stands still: streets and ground without WebGL. It is there before deck.gl has come, and
   stays where a browser cannot do more. */
(function () {
  "use strict";

  const { CLOSED, levels, homeOf } = window.cityBlocks;
  const GROUND = ["land", "green", "water", "buildings"], METRES_ROUND = 40075016.7;
  const mercator = (lat) => Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI);
  const css = (tone) => `rgb(${tone[0]}, ${tone[1]}, ${tone[2]})`;

  class Sketch {
    /* view: {zoom, longitude, latitude}, or null for all of the city. */
    constructor(container, spec, blocks, view) {
      this.container = container;
      this.blocks = blocks;
      this.asked = view;
      this.wear(spec);
      this.canvas = document.createElement("canvas");
      this.canvas.className = "sketch";
      container.prepend(this.canvas);
    }

    remove() { this.canvas.remove(); }

    /* Light or dark, from the next drawing on. */
    wear(spec) {
      this.spec = spec;
      this.colours = Object.fromEntries(spec.deck.layers.map((layer) => [layer.id, layer.getFillColor || layer.getColor]));
      this.tones = levels(spec.levels);
    }

    /* Streets in the colours of their codes (0..200 ratio, 254 closed, 255 nobody); null: none is known yet. */
    draw(codes) {
      const width = this.container.clientWidth || 600, height = this.container.clientHeight || 400, b = this.blocks;
      const view = { ...homeOf(this.spec.deck.initialViewState, b.box, width, height), ...this.asked };
      const world = 512 * 2 ** view.zoom, y0 = mercator(view.latitude), fine = window.devicePixelRatio || 1;
      this.canvas.width = Math.round(width * fine);
      this.canvas.height = Math.round(height * fine);
      this.pen = this.canvas.getContext("2d");
      this.pen.setTransform(fine, 0, 0, fine, 0, 0);
      this.place = ({ xy }, i) => [((xy[2 * i] - view.longitude) / 360) * world + width / 2, (y0 - mercator(xy[2 * i + 1])) * world + height / 2];
      this.pen.fillStyle = css(this.spec.page);
      this.pen.fillRect(0, 0, width, height);
      for (const name of GROUND) this.fill(b[name], css(this.colours[name]));
      const perMetre = world / (METRES_ROUND * Math.cos((view.latitude * Math.PI) / 180));
      this.streets(Array.from(b.width, (metres) => Math.max(Math.round(metres * perMetre), 1)), () => css(this.colours.streets));
      if (codes) {
        this.streets(Array.from(codes, (code, row) => (code === CLOSED ? 4.5 : code > CLOSED ? 0 : b.width[row] > 7 ? 4 : 2.6)), (row) => {
          const code = codes[row];
          return css(code === CLOSED ? this.colours.closed : this.tones.subarray(4 * code, 4 * code + 3));
        });
      }
    }

    /* Areas by their triangles, all in one stroke of the brush: no seams between them. */
    fill(shape, colour) {
      const { pen } = this, at = shape.corners;
      pen.fillStyle = colour;
      pen.beginPath();
      for (let i = 0; i < at.length; i += 3) {
        const a = this.place(shape, at[i]), b = this.place(shape, at[i + 1]), c = this.place(shape, at[i + 2]);
        if (Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) < 0.5) continue;
        pen.moveTo(...a);
        pen.lineTo(...b);
        pen.lineTo(...c);
      }
      pen.fill();
    }

    /* Streets of one width and colour at once; width 0: not drawn. */
    streets(widths, colourOf) {
      const { pen } = this, shape = this.blocks.streets, alike = new Map();
      for (let row = 0; row < shape.count; row += 1) {
        if (!widths[row]) continue;
        const key = `${widths[row]} ${colourOf(row)}`;
        if (!alike.has(key)) alike.set(key, []);
        alike.get(key).push(row);
      }
      pen.lineJoin = "bevel";
      for (const rows of alike.values()) {
        pen.lineWidth = widths[rows[0]];
        pen.strokeStyle = colourOf(rows[0]);
        pen.beginPath();
        for (const row of rows) {
          for (let i = shape.starts[row]; i < shape.starts[row + 1]; i += 1) {
            const [x, y] = this.place(shape, i);
            if (i === shape.starts[row]) pen.moveTo(x, y); else pen.lineTo(x, y);
          }
        }
        pen.stroke();
      }
    }
  }

  window.CitySketch = Sketch;
})();
