"""Charts of a proof: observed against simulated, GEH by distance, trip lengths."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup, escape

from calibration.proof import Proof, geh
from viz.calibration.plane import Plane, svg
from viz.text import text

BANDS_M = (50.0, 100.0, 250.0, 500.0, 1000.0)
"""Distances at which the held-out sensors are parted."""


def scatter(proof: Proof) -> Markup:
    """Hourly flows, observed across and simulated up, with the lines of equality and of GEH = 5."""
    seen, found = proof.observed_vph, proof.ours.simulated_vph
    most = max(100.0, float(np.nanmax(seen, initial=0.0)), float(np.max(found, initial=0.0))) * 1.04
    plane = Plane(most, most, root=True)
    course = (np.linspace(0, 1, 60) ** 2 * most).tolist()
    parts = [plane.frame("calibration.observed", "calibration.simulated")]
    parts.append(plane.line([(0.0, 0.0), (most, most)], "cal-equal"))
    apart = [(c, 25 / 4, np.sqrt(625 + 400 * c) / 4) for c in course]  # GEH = 5: m = c + 25/4 +- sqrt(625 + 400 c)/4
    parts.append(plane.line([(c, c + lean + root) for c, lean, root in apart], "cal-geh"))
    parts.append(plane.line([(c, c + lean - root) for c, lean, root in apart if c > 12.5], "cal-geh"))
    held = proof.is_held
    for of_held in (False, True):
        name = "cal-held" if of_held else "cal-used"
        for at in np.flatnonzero(held == of_held).tolist():
            for hour in np.flatnonzero(np.isfinite(seen[at])).tolist():
                told = f"{escape(proof.counts.sensors[at])}: {seen[at, hour]:.0f} / {found[at, hour]:.0f}"
                x, y = plane.x(seen[at, hour]), plane.y(found[at, hour])
                parts.append(_mark(name, x, y, told))
    return svg(parts, _label("calibration.scatter"))


def by_distance(proof: Proof) -> Markup:
    """GEH of each held-out flow against the distance to the nearest used sensor."""
    apart, held = geh(proof.ours.simulated_vph, np.nan_to_num(proof.observed_vph)), proof.is_held
    apart[~np.isfinite(proof.observed_vph)] = np.nan
    far = proof.distance_m[held]
    worst = max(10.0, float(np.nanmax(apart[held], initial=0.0)))
    plane = Plane(1.05 * max(100.0, float(far.max(initial=0.0))), 1.05 * worst)
    parts = [plane.frame("calibration.distance_axis", "calibration.geh_axis")]
    parts.append(plane.line([(0.0, 5.0), (plane.most_x, 5.0)], "cal-geh"))
    for at in np.flatnonzero(held).tolist():
        for value in apart[at][np.isfinite(apart[at])].tolist():
            told = f"{escape(proof.counts.sensors[at])}: {proof.distance_m[at]:.0f} m, GEH {value:.1f}"
            parts.append(_mark("cal-held", plane.x(proof.distance_m[at]), plane.y(value), told))
    return svg(parts, _label("calibration.by_distance"))


def distance_rows(proof: Proof) -> list[tuple[str, int, str]]:
    """(distance, flows, share with GEH < 5) of the held-out flows by band of distance."""
    apart = geh(proof.ours.simulated_vph, np.nan_to_num(proof.observed_vph))
    known = np.isfinite(proof.observed_vph) & proof.is_held[:, None]
    rows = []
    for low, high in zip((0.0, *BANDS_M), (*BANDS_M, np.inf), strict=True):
        inside = known & ((proof.distance_m >= low) & (proof.distance_m < high))[:, None]
        name = f"{low:.0f}–{high:.0f} m" if np.isfinite(high) else f"≥ {low:.0f} m"
        if inside.any():
            rows.append((name, int(inside.sum()), f"{100 * (apart[inside] < 5).mean():.0f} %"))
    return rows


def lengths(proof: Proof) -> Markup | None:
    """Trip lengths of the calibrated demand (line) over those of the reference (area); None without one."""
    if proof.before is None or not len(proof.before.runs.lengths_m) or not len(proof.ours.runs.lengths_m):
        return None
    samples = [proof.before.runs.lengths_m / 1000, proof.ours.runs.lengths_m / 1000]
    most = max(float(np.quantile(sample, 0.995)) for sample in samples) or 1.0
    edges = np.linspace(0, most, 21)
    shares = [100 * np.histogram(sample, edges)[0] / len(sample) for sample in samples]
    plane = Plane(most, max(float(share.max()) for share in shares) * 1.05)
    parts = [plane.frame("calibration.length_axis", "calibration.share_axis")]
    for name, share in zip(("cal-area", "cal-step"), shares, strict=True):
        points = [(edges[0], 0.0)]
        for left, right, value in zip(edges[:-1], edges[1:], share, strict=True):
            points += [(left, value), (right, value)]
        parts.append(plane.line([(float(x), float(y)) for x, y in [*points, (edges[-1], 0.0)]], name))
    return svg(parts, _label("calibration.lengths"))


def _mark(name: str, x: float, y: float, told: str) -> str:
    """Held-out sensors are diamonds, used ones rings: told apart without colour."""
    if name == "cal-held":
        return f'<path class="{name}" d="M{x:.1f} {y - 5:.1f}l5 5 -5 5 -5 -5z"><title>{told}</title></path>'
    return f'<circle class="{name}" cx="{x:.1f}" cy="{y:.1f}" r="3.4"><title>{told}</title></circle>'


def _label(key: str) -> str:
    return f"{text(key, 'en')} / {text(key, 'zh')}"
