/* A layer of deck.gl that draws lines or areas as one mesh. Its own path layer draws an instance per piece of line, and a
   browser that draws without a graphics card pays for each instance as for a drawing of its own (some 60 us). */
(function () {
  "use strict";

  /* A value of each row at all of its vertices. */
  function spread(found, values, into) {
    for (let row = 0; row < found.count; row += 1) into.fill(values[row], found.first[row], found.first[row + 1]);
    return into;
  }

  /* Triangles of the rows that have a width. */
  function seen(found, widths) {
    const out = new Uint32Array(found.indices.length);
    let n = 0;
    for (let row = 0; row < found.count; row += 1) {
      if (!(widths[row] > 0)) continue;
      const part = found.indices.subarray(found.firstIndex[row], found.firstIndex[row + 1]);
      out.set(part, n);
      n += part.length;
    }
    return out.subarray(0, n);
  }

  const BLOCK = `layout(std140) uniform meshUniforms {
  mat4 toClip;
  float perPixel;
  float widthScale;
  float leastPixels;
} mesh;
`;
  const MODULE = {
    name: "mesh", vs: BLOCK, fs: BLOCK,
    uniformTypes: { toClip: "mat4x4<f32>", perPixel: "f32", widthScale: "f32", leastPixels: "f32" },
  };
  const VERTEX = `#version 300 es
in vec2 places;
in vec2 edges;
in float widths;
in vec4 colours;
in vec4 rows;
out vec4 vColor;
void main(void) {
  geometry.pickingColor = rows.xyz;
  float pixels = max(widths * mesh.widthScale, mesh.leastPixels);
  gl_Position = mesh.toClip * vec4(places + edges * (0.5 * pixels * mesh.perPixel), 0.0, 1.0);
  vColor = vec4(colours.rgb, colours.a * layer.opacity);
  DECKGL_FILTER_COLOR(vColor, geometry);
}
`;
  const FRAGMENT = `#version 300 es
precision highp float;
in vec4 vColor;
out vec4 fragColor;
void main(void) {
  fragColor = vColor;
  DECKGL_FILTER_COLOR(fragColor, geometry);
}
`;
  const LAYOUT = [
    { name: "places", format: "float32x2" }, { name: "edges", format: "float32x2" }, { name: "widths", format: "float32" },
    { name: "colours", format: "unorm8x4" }, { name: "rows", format: "uint8x4" },
  ];

  /* The matrix from common space, counted from an origin, to the screen. */
  function fromOrigin(matrix, [x, y]) {
    const out = Array.from(matrix);
    for (let k = 0; k < 4; k += 1) out[12 + k] = matrix[k] * x + matrix[4 + k] * y + matrix[12 + k];
    return out;
  }

  /* Props: shape, lines or areas; cap 1 for square ends, 0 for flat ones; look {colours: RGBA by row, widths by row};
     metres: widths are metres, else pixels; leastPixels. */
  class MeshLayer extends window.deck.Layer {
    _getAttributeManager() { return null; }

    getShaders() { return super.getShaders({ vs: VERTEX, fs: FRAGMENT, modules: [window.deck.picking, MODULE] }); }

    getBounds() { return null; }

    initializeState() {
      this.state.buffers = {};
      this.state.model = new window.luma.Model(this.context.device, {
        ...this.getShaders(), id: this.props.id, bufferLayout: LAYOUT, topology: "triangle-list", isInstanced: false, vertexCount: 0,
      });
    }

    /* Buffers of a mesh; only colours, widths and what is seen where the mesh stays. */
    fill(found) {
      const vertices = found.first[found.count], { colours, widths } = this.props.look;
      if (found !== this.state.mesh) {
        const rows = spread(found, Uint32Array.from({ length: found.count }, (_, row) => row + 1), new Uint32Array(vertices));
        this.keep({ places: found.places, edges: found.edges, rows: new Uint8Array(rows.buffer) });
      }
      const tones = spread(found, new Uint32Array(colours.buffer, colours.byteOffset, found.count), new Uint32Array(vertices));
      this.keep({ colours: new Uint8Array(tones.buffer), widths: spread(found, widths, new Float32Array(vertices)) });
      const indices = seen(found, widths);
      Object.assign(this.state, { mesh: found, look: this.props.look, drawn: indices.length });
      if (!indices.length) return;
      this.state.buffers.indices?.destroy();
      this.state.buffers.indices = this.context.device.createBuffer({ usage: window.luma.Buffer.INDEX, data: indices });
      this.state.model.setIndexBuffer(this.state.buffers.indices);
      this.state.model.setVertexCount(indices.length);
    }

    keep(arrays) {
      for (const [name, data] of Object.entries(arrays)) {
        if (!data.length) continue;
        this.state.buffers[name]?.destroy();
        this.state.buffers[name] = this.context.device.createBuffer({ usage: window.luma.Buffer.VERTEX, data });
        this.state.model.setAttributes({ [name]: this.state.buffers[name] });
      }
    }

    draw({ renderPass }) {
      const { shape, cap, look, metres, leastPixels } = this.props, view = this.internalState.viewport || this.context.viewport;
      if (!shape || !shape.count) return;
      const found = window.cityMesh.meshAt(shape, cap, view.zoom);
      if (found !== this.state.mesh || look !== this.state.look) this.fill(found);
      if (!this.state.drawn) return;
      this.state.model.shaderInputs.setProps({
        mesh: {
          toClip: fromOrigin(view.viewProjectionMatrix, found.origin), perPixel: 1 / view.scale,
          widthScale: metres ? view.distanceScales.unitsPerMeter[0] * view.scale : 1, leastPixels: leastPixels || 0,
        },
      });
      this.state.model.draw(renderPass);
    }

    finalizeState(context) {
      super.finalizeState(context);
      Object.values(this.state.buffers).forEach((buffer) => buffer.destroy());
    }

    disablePickingIndex() {}

    restorePickingColors() {}
  }
  MeshLayer.layerName = "MeshLayer";

  window.cityMesh.MeshLayer = MeshLayer;
})();
