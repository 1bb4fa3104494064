/* Links to the other pages: those that this server has and the role may use, as /api/me tells. */
window.cityNav = function (pages) {
  "use strict";
  const links = [...document.querySelectorAll("#pages a")];
  for (const link of links) link.hidden = !(pages || []).includes(link.getAttribute("href"));
  document.getElementById("pages").hidden = links.filter((link) => !link.hidden).length < 2;
};
