/* What the page needs first is asked for before the map's bundle has come. */
window.cockpitEarly = {};
for (const path of ["/api/me", "/api/city", "/api/state"]) window.cockpitEarly[path] = fetch(path, { cache: "no-store" }).catch(() => null);

/* A browser without a graphics card takes long to begin with WebGL: it may while the bundle comes. */
window.cityProbe = document.createElement("canvas").getContext("webgl2");
