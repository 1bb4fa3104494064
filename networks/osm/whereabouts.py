"""Where an object of the map lies, whatever it is."""

from __future__ import annotations

from functools import cached_property

from networks.osm.extract import Extract, Relation, Way


class Whereabouts:
    """Positions of nodes, ways and relations by their names `n1`, `w1`, `r1`, in degrees."""

    def __init__(self, extract: Extract) -> None:
        self._extract = extract

    @cached_property
    def ways(self) -> dict[int, Way]:
        """Ways by id."""
        return {way.osm_id: way for way in self._extract.ways}

    @cached_property
    def relations(self) -> dict[int, Relation]:
        """Relations by id."""
        return {relation.osm_id: relation for relation in self._extract.relations}

    def of(self, name: str) -> tuple[float, float] | None:
        """(Longitude, latitude): the node, the middle node of the way, the first member found; None where unknown."""
        return self._of(name, ())

    def _of(self, name: str, above: tuple[str, ...]) -> tuple[float, float] | None:
        kind, number = name[:1], name[1:]
        if not number.lstrip("-").isdigit() or name in above:
            return None
        if kind == "n":
            return self._extract.lonlat.get(int(number))
        if kind == "w" and int(number) in self.ways:
            found = [ref for ref in self.ways[int(number)].nodes if ref in self._extract.lonlat]
            return self._extract.lonlat[found[len(found) // 2]] if found else None
        if kind == "r" and int(number) in self.relations:
            for member, ref, _ in self.relations[int(number)].members:
                place = self._of(f"{member}{ref}", (*above, name))
                if place is not None:
                    return place
        return None
