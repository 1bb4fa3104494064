/* The mesh of lines or areas for a zoom: vertices, how far they lie from the line, and triangles, row by row. */
(function () {
  "use strict";

  const WORLD = 512, LEAST_TURN = 0.5, NEAR = 18;

  /* Degrees to deck.gl's common space: Web Mercator, 512 wide at zoom 0, upward. */
  const commonX = (lon) => WORLD * (lon / 360 + 0.5);
  const commonY = (lat) => WORLD * (0.5 + Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI));

  /* All points of a shape in common space, from its first one. */
  function commonOf(shape) {
    if (shape.common) return shape.common;
    const count = shape.xy.length / 2, x = new Float64Array(count), y = new Float64Array(count);
    const origin = count ? [commonX(shape.xy[0]), commonY(shape.xy[1])] : [0, 0];
    for (let i = 0; i < count; i += 1) {
      x[i] = commonX(shape.xy[2 * i]) - origin[0];
      y[i] = commonY(shape.xy[2 * i + 1]) - origin[1];
    }
    shape.common = { origin, x, y };
    return shape.common;
  }

  /* Marks the points from..to that are needed to stay within a tolerance of all (Douglas and Peucker, 1973). */
  function simplify({ x, y }, from, to, tolerance, kept) {
    const todo = [from, to];
    kept[from] = kept[to] = 1;
    while (todo.length) {
      const end = todo.pop(), begin = todo.pop(), dx = x[end] - x[begin], dy = y[end] - y[begin], long2 = dx * dx + dy * dy;
      let far = tolerance * tolerance, at = 0;
      for (let i = begin + 1; i < end; i += 1) {
        const px = x[i] - x[begin], py = y[i] - y[begin], part = long2 ? Math.min(Math.max((px * dx + py * dy) / long2, 0), 1) : 0;
        const off = (px - part * dx) ** 2 + (py - part * dy) ** 2;
        if (off > far) { far = off; at = i; }
      }
      if (at) { kept[at] = 1; todo.push(begin, at, at, end); }
    }
  }

  /* The mesh of areas {starts, xy, count, corners, firstCorner}: the triangles that the city was packed with, without
     areas that are smaller than the tolerance. */
  function areaMesh(shape, tolerance) {
    const { origin, x, y } = commonOf(shape), places = new Float32Array(shape.xy.length);
    const indices = new Uint32Array(shape.corners.length), firstIndex = new Uint32Array(shape.count + 1);
    for (let i = 0; i < x.length; i += 1) { places[2 * i] = x[i]; places[2 * i + 1] = y[i]; }
    for (let row = 0, n = 0; row < shape.count; row += 1) {
      let left = Infinity, right = -Infinity, low = Infinity, high = -Infinity;
      for (let i = shape.starts[row]; i < shape.starts[row + 1]; i += 1) {
        left = Math.min(left, places[2 * i]); right = Math.max(right, places[2 * i]);
        low = Math.min(low, places[2 * i + 1]); high = Math.max(high, places[2 * i + 1]);
      }
      if (Math.max(right - left, high - low) > tolerance) {
        const part = shape.corners.subarray(shape.firstCorner[row], shape.firstCorner[row + 1]);
        indices.set(part, n);
        n += part.length;
      }
      firstIndex[row + 1] = n;
    }
    return { origin, count: shape.count, first: shape.starts, firstIndex, places, edges: new Float32Array(shape.xy.length), indices };
  }

  /* The points of a row that its mesh has: needed, and not on the one before; fewer than two are none. */
  function pointsOf({ x, y }, kept, from, to) {
    const found = [];
    for (let i = from; i < to; i += 1) {
      const last = found[found.length - 1];
      if (kept[i] && (!found.length || Math.abs(x[i] - x[last]) + Math.abs(y[i] - y[last]) > 1e-9)) found.push(i);
    }
    return found.length > 1 ? found : [];
  }

  /* The mesh of lines {starts, xy, count} in degrees: two vertices a point, two triangles between two points. The edges
     lie half a width from the line, mitred at its points; its ends are square (cap 1) or flat (cap 0). */
  function lineMesh(shape, cap, tolerance) {
    const common = commonOf(shape), { origin, x, y } = common, kept = new Uint8Array(x.length).fill(tolerance ? 0 : 1);
    const first = new Uint32Array(shape.count + 1), firstIndex = new Uint32Array(shape.count + 1), rows = [];
    for (let row = 0; row < shape.count; row += 1) {
      const from = shape.starts[row], to = shape.starts[row + 1];
      if (tolerance && to > from) simplify(common, from, to - 1, tolerance, kept);
      const points = pointsOf(common, kept, from, to);
      rows.push(points);
      first[row + 1] = first[row] + 2 * points.length;
      firstIndex[row + 1] = firstIndex[row] + 6 * Math.max(points.length - 1, 0);
    }
    const places = new Float32Array(2 * first[shape.count]), edges = new Float32Array(2 * first[shape.count]);
    const indices = new Uint32Array(firstIndex[shape.count]);
    for (let row = 0; row < shape.count; row += 1) {
      const points = rows[row], last = points.length - 1;
      let ax = 0, ay = 0; // the way that leads to the point
      for (let k = 0; k <= last; k += 1) {
        const i = points[k], v = first[row] + 2 * k, from = k < last ? i : points[k - 1], to = k < last ? points[k + 1] : i;
        const dx = x[to] - x[from], dy = y[to] - y[from], long = Math.hypot(dx, dy), bx = dx / long, by = dy / long;
        const end = k === 0 ? -cap : k === last ? cap : 0, nx = k && k < last ? -ay - by : -by, ny = k && k < last ? ax + bx : bx;
        const wide = Math.hypot(nx, ny), mitre = wide < 1e-6 ? 0 : k && k < last ? Math.min(2 / wide, 1 / LEAST_TURN) / wide : 1;
        const sx = wide < 1e-6 ? -ay : nx * mitre, sy = wide < 1e-6 ? ax : ny * mitre; // a turn on the spot: as it came
        places[2 * v] = places[2 * v + 2] = x[i];
        places[2 * v + 1] = places[2 * v + 3] = y[i];
        edges[2 * v] = sx + end * bx;
        edges[2 * v + 1] = sy + end * by;
        edges[2 * v + 2] = -sx + end * bx;
        edges[2 * v + 3] = -sy + end * by;
        if (k) indices.set([v - 2, v - 1, v, v, v - 1, v + 1], firstIndex[row] + 6 * (k - 1));
        ax = bx;
        ay = by;
      }
    }
    return { origin, count: shape.count, first, firstIndex, places, edges, indices };
  }

  /* The mesh for a zoom, made once: a third of a pixel off at most; near by with every point. */
  function meshAt(shape, cap, zoom) {
    const level = Math.min(Math.ceil(zoom), NEAR), key = `${cap} ${level}`, tolerance = level < NEAR ? 1 / (3 * 2 ** level) : 0;
    shape.meshes = shape.meshes || {};
    shape.meshes[key] = shape.meshes[key] || (shape.corners ? areaMesh(shape, 2 * tolerance) : lineMesh(shape, cap, tolerance));
    return shape.meshes[key];
  }

  window.cityMesh = { meshAt };
})();
