/* A browser without a graphics card draws a city in a tenth of a second. While the view moves, its last picture is moved
   and scaled instead; it is drawn anew when the view rests, or when too little of that picture is left on the screen. */
(function () {
  "use strict";

  const REST_MS = 140, LEAST_LEFT = 0.6, MOST_SCALED = 1.8;
  const AT_REST = "translate(0px, 0px)"; /* none at all would lay the canvas on other pixels, and make it anew */

  /* Whether pictures are drawn by the processor: as its WebGL says of itself. */
  function drawnByProcessor(context) {
    const told = context.getExtension("WEBGL_debug_renderer_info");
    return Boolean(told) && /swiftshader|llvmpipe|softpipe|software|basic render/i.test(context.getParameter(told.UNMASKED_RENDERER_WEBGL));
  }

  /* Where a picture that was drawn for one view lies in another: scale, and the shift of its middle in pixels. */
  function placed(drawn, view) {
    const scale = view.scale / drawn.scale;
    return { scale, x: (drawn.center[0] - view.center[0]) * view.scale, y: (view.center[1] - drawn.center[1]) * view.scale };
  }

  /* The share of the screen that the moved picture covers. */
  function covered({ scale, x, y }, width, height) {
    const part = (shift, size) => Math.max(Math.min(size / 2, shift + (scale * size) / 2) - Math.max(-size / 2, shift - (scale * size) / 2), 0) / size;
    return part(x, width) * part(y, height);
  }

  class MovingPicture {
    constructor(deck) {
      this.deck = deck;
      this.drawn = null;
      this.rest = 0;
      this.moves = 0;
      deck.setProps({ _customRender: (reason) => this.show(reason) });
    }

    show(reason) {
      const [view] = this.deck.getViewports(), canvas = this.deck.getCanvas(), drawn = this.drawn;
      if (!view) return; /* no room for a map on this screen */
      const resized = !drawn || drawn.width !== view.width || drawn.height !== view.height;
      const same = drawn && drawn.scale === view.scale && drawn.center[0] === view.center[0] && drawn.center[1] === view.center[1];
      const at = resized || same ? null : placed(drawn, view);
      if (!at || at.scale > MOST_SCALED || at.scale < 1 / MOST_SCALED || covered(at, view.width, view.height) < LEAST_LEFT) { this.draw(view, reason); return; }
      canvas.style.transform = `translate(${at.x}px, ${at.y}px) scale(${at.scale})`;
      this.moves += 1;
      clearTimeout(this.rest);
      this.rest = setTimeout(() => this.redraw(), REST_MS);
    }

    redraw() {
      const [view] = this.deck.layerManager ? this.deck.getViewports() : [];
      if (view) this.draw(view, "rest");
    }

    draw(view, reason) {
      clearTimeout(this.rest);
      this.drawn = view;
      this.deck.getCanvas().style.transform = AT_REST;
      this.deck._drawLayers(reason);
    }
  }

  window.cityMoving = { MovingPicture, drawnByProcessor };
})();
