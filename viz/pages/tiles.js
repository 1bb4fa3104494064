/* Pictures of a tile server beneath the streets (Web Mercator, 256 pixels): those that a view needs, as they come. */
(function () {
  "use strict";

  const SIDE = 256, KEPT = 400, ENOUGH_FAILED = 4;

  class CityTiles {
    /* given: {template, attribution, most}; changed(): a picture came, or none will. */
    constructor(given, changed) {
      this.given = given;
      this.changed = changed;
      this.kept = new Map();
      this.before = [];
      this.came = 0;
      this.failed = 0;
    }

    get away() { return this.failed >= ENOUGH_FAILED && this.came === 0; }

    address(z, x, y) { return this.given.template.replace("{z}", z).replace("{x}", x).replace("{y}", y); }

    picture(z, x, y) {
      const url = this.address(z, x, y);
      if (this.kept.has(url)) return this.kept.get(url);
      const image = new Image(), one = { url, image, there: false };
      image.crossOrigin = "anonymous"; // else WebGL may not draw it
      image.referrerPolicy = "no-referrer";
      image.onload = () => { one.there = true; this.came += 1; this.changed(); };
      image.onerror = () => { this.failed += 1; this.changed(); };
      image.src = url;
      this.kept.set(url, one);
      if (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value);
      return one;
    }

    /* What to draw for a view: [{url, image, bounds}], with what was drawn before beneath it until all is there. */
    drawn(view, width, height) {
      const z = Math.min(Math.max(Math.round(view.zoom + 1), 0), this.given.most), count = 2 ** z, size = SIDE * 2 ** (view.zoom + 1 - z);
      const sine = Math.sin((view.latitude * Math.PI) / 180);
      const cx = ((view.longitude + 180) / 360) * count, cy = (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * count;
      const wide = width / size / 2, high = height / size / 2, found = [];
      const latitude = (y) => (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / count))) * 180) / Math.PI;
      for (let y = Math.max(Math.floor(cy - high), 0); y <= Math.min(cy + high, count - 1); y += 1) {
        for (let x = Math.max(Math.floor(cx - wide), 0); x <= Math.min(cx + wide, count - 1); x += 1) {
          const bounds = [(x / count) * 360 - 180, latitude(y + 1), ((x + 1) / count) * 360 - 180, latitude(y)];
          found.push({ ...this.picture(z, x, y), tile: this.picture(z, x, y), bounds });
        }
      }
      const there = found.filter((one) => one.tile.there), whole = there.length === found.length;
      const beneath = whole ? [] : this.before.filter((one) => !there.some((other) => other.url === one.url));
      if (whole) this.before = there;
      return [...beneath, ...there];
    }
  }

  window.CityTiles = CityTiles;
})();
