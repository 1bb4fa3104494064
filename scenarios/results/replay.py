"""Replay: a run repeated from its manifest, and whether it gave the same again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from networks.errors import BadInput, NotThere
from networks.sentence import Sentence, say
from scenarios.results.made_with import differences, made_with
from scenarios.results.store import Store, read_manifest, read_table

if TYPE_CHECKING:
    from networks import City

TOLERANCE = 0.05
"""Largest difference of a measure, relative to its larger value, where the same bytes are not promised: a declared
bound, not a derived one. Traffic is chaotic: elsewhere the last digit decides which vehicle goes first."""

Verdict = Literal["same bytes", "within tolerance", "different"]
Repeater = Callable[[Path, Store, Store, "Path | None"], Path]

REPEATERS: dict[str, str] = {
    "run": "scenarios.results.replay:repeat_run",
    "case": "scenarios.cases.case_run:repeat_case",
    "branch": "scenarios.cases.pasts:repeat_branch",
}
"""Kind of result -> `module:function` that repeats it: (folder, store, empty store, city folder) -> new folder."""


@dataclass(frozen=True)
class Measured:
    """A measure then and now."""

    name: str
    then: float
    now: float

    @property
    def relative(self) -> float:
        """The difference over the larger of both; 0 where they are equal."""
        largest = max(abs(self.then), abs(self.now))
        return abs(self.now - self.then) / largest if largest > 0 else 0.0


@dataclass(frozen=True)
class Replay:
    """What a repeated run says.

    Attributes:
        run_id: Of the result that was repeated.
        same: Tables (and files of a shared flood, as `flood/...`) whose digest is what it was.
        different: Those whose digest is another, or that only one side has.
        makers: What differs in wheels, processor and code; empty where the same bytes are promised.
        measures: Those that both have.
        tolerance: Relative, for measures, where `makers` is not empty.
        missing: Measures that only one side has.
    """

    run_id: str
    same: tuple[str, ...]
    different: tuple[str, ...]
    makers: tuple[Sentence, ...]
    measures: tuple[Measured, ...]
    tolerance: float
    missing: tuple[str, ...] = ()

    @property
    def beyond(self) -> tuple[Measured, ...]:
        """Measures that differ by more than the tolerance."""
        return tuple(one for one in self.measures if one.relative > self.tolerance)

    @property
    def verdict(self) -> Verdict:
        """Same bytes; or measures within the tolerance, where wheels, processor or code are others; or different."""
        if not self.different:
            return "same bytes"
        return "within tolerance" if self.makers and not self.beyond and not self.missing else "different"


def repeat(
    run_id: str, store: Store, scratch: Store, *, city_folder: Path | None = None, tolerance: float = TOLERANCE
) -> Replay:
    """Repeat a result from its manifest in an empty store, and compare.

    Args:
        run_id: May be shortened.
        store: Where it is kept.
        scratch: Empty: nothing is looked up, the flood is computed again too. Only a forecast, which is made of
            other runs, is taken as it is kept.
        city_folder: The city; without it, one with the right digest is looked for around the store.
        tolerance: See `Replay.tolerance`.

    Raises:
        NotThere: No such result, or its city or forecast is not to be found, or a table was changed meanwhile.
        BadInput: The result is of a kind that cannot be repeated, or the city is another.
    """
    folder = find_result(store, run_id)
    then = read_manifest(folder)
    for name in then["tables"]:
        read_table(folder, name, verify=True)
    module, _, function = REPEATERS[then["kind"]].partition(":")
    again: Repeater = getattr(import_module(module), function)
    now = read_manifest(again(folder, store, scratch, city_folder))
    before, after = _digests(then), _digests(now)
    floods = _floods(then, store), _floods(now, scratch)
    if all(floods):
        before, after = before | floods[0], after | floods[1]
    same = tuple(name for name, digest in sorted(before.items()) if after.get(name) == digest)
    different = tuple(sorted({*before, *after} - {*same}))
    a, b = then.get("measures", {}), now.get("measures", {})
    measures = tuple(Measured(name, a[name], b[name]) for name in a if name in b)
    makers = differences(then.get("made_with", {}), now.get("made_with") or made_with())
    return Replay(then["id"], same, different, makers, measures, tolerance, tuple(sorted({*a} ^ {*b})))


def find_result(store: Store, run_id: str) -> Path:
    """The folder of a result that can be repeated, by its id or the beginning of it.

    Raises:
        NotThere: There is none, or more than one.
        BadInput: There is one, of a kind that cannot be repeated.
    """
    near = [(kind, name) for kind in store.kinds() for name in store.ids(kind) if run_id and name.startswith(run_id)]
    able = [one for one in near if one[0] in REPEATERS]
    if near and not able:
        raise BadInput(
            f"{near[0][1]} is of kind {near[0][0]}, which is no run",
            file=store.root,
            expected=f"the id of a {' or '.join(REPEATERS)}",
            remedy="`twin runs list` shows them",
        )
    if len(able) != 1:
        names = ", ".join(name for _, name in able)
        raise NotThere(
            f"there is no run {run_id!r}" if not able else f"{run_id!r} could be any of {names}",
            file=store.root,
            remedy="`twin runs list` shows what is there",
        )
    return store.place(*able[0])


def repeat_run(folder: Path, store: Store, scratch: Store, city_folder: Path | None) -> Path:
    """Repeat a member of a City scenario."""
    from scenarios.ensembles.ensemble import run_members
    from scenarios.ensembles.executor import SerialExecutor
    from scenarios.members.member import run_crowd_only, run_member
    from scenarios.schema import Scenario

    manifest = read_manifest(folder)
    inputs, scenario = manifest["inputs"], Scenario.model_validate(manifest["scenario"])
    city = find_city(inputs["city"], store, city_folder)
    if inputs["models"] == "crowd":
        return run_crowd_only(city, scenario, manifest["seed"], scratch).folder
    if inputs["forecast"] is None:
        return run_members(city, [(scenario, manifest["seed"])], scratch, SerialExecutor())[0].folder
    forecast = store.get("forecast", inputs["forecast"])
    shutil.copytree(forecast, scratch.place("forecast", forecast.name))
    return run_member(city.folder, scenario, manifest["seed"], scratch.root, forecast_id=forecast.name).folder


def find_city(digest: str, store: Store, given: Path | None) -> City:
    """The city with a digest: the given one, or one in `cities/` or beside the store.

    Raises:
        BadInput: The given one is another city.
        NotThere: None was found.
    """
    from networks import City

    if given is not None:
        city = City.open(given, verify=True)
        if city.digest != digest:
            raise BadInput(
                "this is not the city that the run was made in: it has another digest",
                file=given,
                expected=digest,
                remedy="give the City folder of that time, or build it again from the same map",
            )
        return city
    beside = store.root.resolve().parent
    for manifest in [*Path("cities").glob("*/city.json"), *beside.glob("*/city.json")]:
        if digest in manifest.read_text(encoding="utf-8"):
            return City.open(manifest.parent, verify=True)
    raise NotThere(
        f"the run's city (digest {digest[:16]}...) is neither in cities/ nor beside the store",
        file=store.root,
        remedy="give its folder: twin replay ID --city FOLDER",
    )


def _digests(manifest: dict[str, Any]) -> dict[str, str]:
    """Digests of a result's tables and files by name."""
    return {name: entry["digest"] for name, entry in manifest["tables"].items()} | manifest["files"]


def _floods(manifest: dict[str, Any], store: Store) -> dict[str, str]:
    """Digests of the flood that a run met, by name; empty where there was none, or it is no longer kept."""
    flood_id = manifest["inputs"].get("flood")
    flood = store.find("flood", flood_id) if flood_id else None
    return {f"flood/{name}": digest for name, digest in read_manifest(flood)["files"].items()} if flood else {}


def words(replay: Replay) -> Sentence:
    """The verdict in one sentence."""
    tables = len(replay.same) + len(replay.different)
    if replay.verdict == "same bytes":
        return say(f"same bytes: all {tables} digests are what they were", f"字节一致：全部{tables}个摘要与当时相同")
    share = f"{replay.tolerance:.3g}"
    if replay.verdict == "within tolerance":
        return say(
            f"within tolerance: {len(replay.different)} of {tables} digests differ (other wheels, processor or code), "
            f"all {len(replay.measures)} measures agree within {share} of their value",
            f"在容差内：{tables}个摘要中{len(replay.different)}个不同（安装包、处理器或代码不同），"
            f"全部{len(replay.measures)}个指标相差不超过其值的{share}",
        )
    if replay.makers:
        far = ", ".join([*(one.name for one in replay.beyond), *replay.missing])
        return say(f"different: beyond {share} of their value: {far}", f"不同：以下指标相差超过其值的{share}：{far}")
    return say(
        f"different: {len(replay.different)} of {tables} digests differ, with the same wheels, processor and code",
        f"不同：安装包、处理器和代码相同，但{tables}个摘要中有{len(replay.different)}个不同",
    )
