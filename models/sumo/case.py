"""`SumoCase`: any SUMO scenario, read from its .sumocfg."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from models.sumo.additionals import read_by
from models.sumo.options import full_name, left_out, names_input, names_output, option_types
from networks.errors import BadInput
from networks.safe_xml import read_xml

NEVER_S = -1.0
_CLOCK = re.compile(r"(?:(\d+):)?(\d+):(\d+):(\d+(?:\.\d+)?)")


@dataclass(frozen=True)
class SumoCase:
    """A SUMO scenario as its configuration tells it; all paths are absolute.

    Attributes:
        file: The .sumocfg.
        net: The network.
        routes: Route files, in SUMO's order.
        additionals: Additional files, in SUMO's order.
        begin_s: First second.
        end_s: Last second; None where the configuration has none: SUMO then runs until the last vehicle is gone.
        step_s: Step length.
        seed: Seed of the configuration, if it has one; members bring their own.
        options: Every other option by its full name, without those about outputs, windows and remote clients.
        outputs: What the configuration would have written, by option; runs write their own tables instead.
    """

    file: Path
    net: Path
    routes: tuple[Path, ...] = ()
    additionals: tuple[Path, ...] = ()
    begin_s: float = 0.0
    end_s: float | None = None
    step_s: float = 1.0
    seed: int | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The configuration's name without its ending."""
        return self.file.name.removesuffix(".sumocfg")

    @property
    def read(self) -> tuple[tuple[str, Path], ...]:
        """`inputs`, and what the additional files themselves make SUMO read."""
        further = [("read-by-additional", path) for file in self.additionals for path in read_by(file)]
        return (*self.inputs, *further)

    @property
    def inputs(self) -> tuple[tuple[str, Path], ...]:
        """(role, path) of every file that SUMO is told to read, in SUMO's order."""
        named = [("net-file", self.net)]
        named += [("route-files", path) for path in self.routes]
        named += [("additional-files", path) for path in self.additionals]
        for option in sorted(self.options):
            if names_input(option):
                named += [(option, Path(path)) for path in self.options[option].split(",")]
        return tuple(named)

    def between(self, begin_s: float | None = None, end_s: float | None = None) -> SumoCase:
        """The same case over another time.

        Args:
            begin_s: First second; None keeps it.
            end_s: Last second; None keeps it.
        """
        return replace(
            self,
            begin_s=self.begin_s if begin_s is None else float(begin_s),
            end_s=self.end_s if end_s is None else float(end_s),
        )


def read_case(file: Path | str) -> SumoCase:
    """Read a .sumocfg; nothing that it names is opened yet (`check_case` does).

    Raises:
        BadInput: It is missing, damaged, no configuration, names an option that SUMO does not have, or no network.
    """
    place = Path(file)
    if not place.is_file():
        raise BadInput("there is no such file", file=place, expected="a .sumocfg", remedy="correct the path")
    root = read_xml(place)
    if not root.tag.endswith("onfiguration"):
        raise BadInput(
            f"it is no SUMO configuration: its first element is <{root.tag}>",
            file=place,
            expected="<configuration> or <sumoConfiguration>",
            remedy="give the .sumocfg that sumo -c takes",
        )
    said = {full_name(e.tag): (e.get("value") or e.get("v") or "").strip() for e in root.iter() if _is_option(e)}
    _check_names(place, said)
    folder = place.absolute().parent
    nets = _paths(folder, said.pop("net-file", ""))
    if len(nets) != 1:
        what = "it names no network" if not nets else f"it names {len(nets)} networks"
        raise BadInput(what, file=place, place="<net-file>", expected='<net-file value="roads.net.xml"/>')
    routes, additionals = (_paths(folder, said.pop(name, "")) for name in ("route-files", "additional-files"))
    begin_s, end_s, step_s = (_seconds(place, name, said.pop(name, "")) for name in ("begin", "end", "step-length"))
    seed = said.pop("seed", "")
    outputs = {name: said.pop(name) for name in sorted(said) if names_output(name)}
    options = {
        name: ",".join(map(str, _paths(folder, value))) if names_input(name) else value
        for name, value in sorted(said.items())
        if value and name not in left_out()
    }
    return SumoCase(
        place.absolute(),
        nets[0],
        routes,
        additionals,
        begin_s or 0.0,
        None if end_s is None or end_s < 0 else end_s,
        step_s or 1.0,
        int(seed) if seed.lstrip("-").isdigit() else None,
        options,
        outputs,
    )


def _is_option(element: object) -> bool:
    tag, items = getattr(element, "tag", None), getattr(element, "attrib", {})
    return isinstance(tag, str) and ("value" in items or "v" in items)


def _check_names(place: Path, said: Iterable[str]) -> None:
    known = option_types()
    for name in said:
        if name not in known:
            near = get_close_matches(name, known, 1)
            raise BadInput(
                "SUMO has no such option",
                file=place,
                place=f"<{name}>",
                expected="an option of the installed SUMO" + (f", perhaps <{near[0]}>" if near else ""),
                remedy="correct the name, or take the line out",
            )


def _paths(folder: Path, value: str) -> tuple[Path, ...]:
    """SUMO parts lists of files at commas and semicolons, and reads them from the configuration's folder."""
    return tuple(folder / name for part in re.split("[,;]", value) if (name := part.strip()))


def _seconds(place: Path, name: str, value: str) -> float | None:
    """Seconds, or `[days:]hours:minutes:seconds`."""
    if not value:
        return None
    clock = _CLOCK.fullmatch(value)
    if clock:
        days, hours, minutes, seconds = (float(part or 0) for part in clock.groups())
        return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    try:
        return float(value)
    except ValueError:
        raise BadInput(
            f"{value!r} is no time", file=place, place=f"<{name}>", expected="seconds, or hours:minutes:seconds"
        ) from None
