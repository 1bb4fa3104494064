"""The quality report as JSON: `quality.json` of a city, whose form docs/quality.schema.json publishes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from networks.city import NET_FILE, REPORTS, TERRAIN_FILE
from networks.digest import digest_file
from networks.errors import BadCity, QualityFailed
from networks.quality.check import Check, judged
from networks.quality.inspection import Inspection
from networks.quality.rules import RULES
from networks.repairs import Repair

FORMAT = 1
QUALITY_FILE = REPORTS[0]
TOP = 50
MOST_OFFENDERS = 100
_LOOKED_AT = ("edges", "gateways", "signals", "walk_links", "buildings", "facilities", "car_parks", "zones")
Report = dict[str, Any]


def quality_report(
    inspection: Inspection, repairs: Sequence[Repair], *, epsg: str, data_date: str, attribution: str
) -> Report:
    """The report of an inspection, JSON-ready; the same inspection gives the same report."""
    shown = [offender for check in inspection.checks for offender in check.offenders[:MOST_OFFENDERS]]
    top = inspection.doubts[:TOP]
    places = _lonlat([*shown, *top], epsg)
    checks = [_check(check, places) for check in inspection.checks]
    return {
        "format": FORMAT,
        "attribution": attribution,
        "data_date": data_date,
        "passed": sum(check["passed"] is True for check in checks),
        "failed": sum(check["passed"] is False for check in checks),
        "checks": checks,
        "doubts": {
            "count": len(inspection.doubts),
            "by_kind": dict(sorted(Counter(doubt.kind for doubt in inspection.doubts).items())),
            "top": [
                {
                    "kind": doubt.kind,
                    "what": doubt.what,
                    "remedy": doubt.remedy,
                    "influence": round(doubt.influence, 4),
                    "osm": doubt.osm,
                    "net": doubt.net,
                    "lonlat": places[doubt.x, doubt.y],
                }
                for doubt in top
            ],
        },
        "repairs": {"count": len(repairs), "by_rule": dict(sorted(Counter(one.rule for one in repairs).items()))},
    }


def _check(check: Check, places: Mapping[tuple[float, float], list[float]]) -> dict[str, Any]:
    rule = check.rule
    return {
        "name": rule.name,
        "family": rule.family,
        "title": rule.title,
        "value": check.value,
        "unit": rule.unit,
        "direction": rule.direction,
        "threshold": rule.threshold,
        "passed": check.passed,
        "why": rule.why,
        "fix": rule.fix,
        "offenders": [
            {"id": one.net, "words": one.words, "lonlat": places[one.x, one.y]}
            for one in check.offenders[:MOST_OFFENDERS]
        ],
        "offender_count": len(check.offenders),
    }


def _lonlat(placed: Iterable[Any], epsg: str) -> dict[tuple[float, float], list[float]]:
    """(x, y) in metres -> [longitude, latitude] in degrees, 0.1 m fine."""
    from pyproj import Transformer

    pairs = sorted({(one.x, one.y) for one in placed})
    if not pairs:
        return {}
    lon, lat = Transformer.from_crs(epsg, "EPSG:4326", always_xy=True).transform(*zip(*pairs, strict=True))
    return {pair: [round(x, 6), round(y, 6)] for pair, x, y in zip(pairs, lon, lat, strict=True)}


def write_quality(report: Report, folder: Path) -> Path:
    """Write `quality.json` into a city's folder, with the hashes of the files that it tells of, which must be there."""
    file = folder / QUALITY_FILE
    told = {**report, "looked_at": {name: digest_file(folder / name) for name in _looked_at(folder)}}
    file.write_text(json.dumps(told, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
    return file


def _looked_at(folder: Path) -> list[str]:
    layers = (f"layers/{name}.parquet" for name in _LOOKED_AT)
    return [name for name in (*layers, NET_FILE, TERRAIN_FILE) if (folder / name).is_file()]


def changed_since(report: Report, manifest: Mapping[str, Any]) -> list[str]:
    """Files of a city that were changed after its quality was looked at, e.g. by an import, in the report's order."""
    files = manifest["files"]
    return [name for name, digest in report["looked_at"].items() if files.get(name, {}).get("sha256") != digest]


def read_quality(folder: Path) -> Report:
    """The quality report of a city's folder.

    Raises:
        BadCity: It has none, or one that cannot be read.
    """
    file = folder / QUALITY_FILE
    try:
        report = json.loads(file.read_text(encoding="utf-8"))
        if report["format"] != FORMAT:
            raise ValueError(f"format {report['format']}")
    except FileNotFoundError:
        raise BadCity(
            "this city has no quality report", file=folder, remedy="build it again with: twin build FILE"
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadCity(
            f"the quality report cannot be read: {error}", file=file, remedy="build the city again"
        ) from error
    return dict(report)


def with_thresholds(report: Report, thresholds: Mapping[str, float]) -> Report:
    """The report judged by thresholds of one's own: check's name -> value.

    Raises:
        KeyError: There is no check of that name, or nothing is asked of it.
    """
    unknown = [name for name in thresholds if name not in RULES or RULES[name].threshold is None]
    if unknown:
        raise KeyError(", ".join(unknown))
    checks = []
    for check in report["checks"]:
        threshold = thresholds.get(check["name"], check["threshold"])
        passed = judged(check["direction"], check["value"], threshold)
        checks.append({**check, "threshold": threshold, "passed": passed})
    return {
        **report,
        "checks": checks,
        "passed": sum(check["passed"] is True for check in checks),
        "failed": sum(check["passed"] is False for check in checks),
    }


def require_passed(report: Report, folder: Path) -> None:
    """The strict gate.

    Raises:
        QualityFailed: A check failed; each is named with its value and what it had to reach.
    """
    failed = [check for check in report["checks"] if check["passed"] is False]
    if failed:
        names = ", ".join(check["name"] for check in failed)
        raise QualityFailed(
            f"{len(failed)} of {report['passed'] + len(failed)} checks failed: {names}",
            file=folder,
            remedy="look at quality.html; mend the map, or write corrections.yaml",
        )
