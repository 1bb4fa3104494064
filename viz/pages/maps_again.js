/* A map once more in other colours, seen from where it was. */
const inColours = (city) => (city.maps || {})[window.cityLook.theme] || city.map;

function mapAgain(old, box, spec, blocks, options) {
  old.deck.finalize();
  for (const canvas of box.querySelectorAll("canvas")) (canvas.parentElement === box ? canvas : canvas.parentElement).remove();
  const map = new window.cityMap.CityMap(box, spec, blocks, options);
  map.look({ longitude: old.view.longitude, latitude: old.view.latitude, zoom: old.view.zoom });
  return map;
}
