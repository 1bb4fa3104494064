"""`twin flood nowcast`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from models.flood.rain import Adjustment, Nowcast, RadarFrames

MARGIN_M = 64_000.0
"""Rain from this far around (m) is looked at for each hour ahead, so that it can come in at 18 m/s."""


@click.command("nowcast")
@click.argument("radar", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="Folder to write; an older one is replaced."
)
@click.option("--gauges", type=click.Path(path_type=Path), help="CSV of gauges that the radar is adjusted to.")
@click.option("--adjust", type=click.Choice(["local", "mean-field"]), default="local", show_default=True, help="How.")
@click.option("--city", type=click.Path(path_type=Path), help="A City folder: the map's middle.")
@click.option("--around", metavar="LON,LAT", help="The map's middle.  [default: the city, or the heaviest rain]")
@click.option("--reach-km", type=click.FloatRange(8, 400), default=64.0, show_default=True, help="Half the map's side.")
@click.option("--minutes", type=click.IntRange(5, 180), default=60, show_default=True, help="How far ahead.")
@click.option("--members", type=click.IntRange(1, 500), default=20, show_default=True, help="How many futures.")
@click.option("--seed", type=int, default=1, show_default=True, help="Of the futures' draws.")
@click.option("--law", default="finland", show_default=True, help="Z-R law: finland, marshall-palmer, wsr88d, or A,B.")
@click.option(
    "--engine", type=click.Choice(["ours", "pysteps"]), default="ours", show_default=True, help="Whose members."
)
@click.option("--climate", type=click.Path(path_type=Path), help="CSV of rain's quantiles.  [default: of the frames]")
@click.option("--threshold", "thresholds", type=float, multiple=True, default=(1.0, 10.0), show_default=True,
              help="Rain in mm/h whose chance is told; several allowed.")  # fmt: skip
def nowcast(
    radar: Path,
    out: Path,
    gauges: Path | None,
    adjust: str,
    city: Path | None,
    around: str | None,
    reach_km: float,
    minutes: int,
    members: int,
    seed: int,
    law: str,
    engine: str,
    climate: Path | None,
    thresholds: tuple[float, ...],
) -> None:
    """Forecast the rain of the next hour from the radar frames in the folder RADAR, as an ensemble with a map.

    OUT gets nowcast.html (map, chances, what it rests on; English and Chinese), members.npz, rasters for a GIS and
    nowcast.json. Missing frames are told; between the last two frames none may be missing.

    \b
    twin flood nowcast radar/ --around 24.94,60.17 --out out/nowcast
    """  # noqa: D301
    from models.flood.rain import (
        adjust_to_gauges,
        law_named,
        nowcast_rain,
        read_climatology,
        read_gauges,
        read_radar,
        save_nowcast,
    )
    from networks import landing_folder
    from networks.errors import BadInput
    from viz.rain.nowcast_page import nowcast_page

    if out.exists() and not (out / "nowcast.json").exists() and (not out.is_dir() or any(out.iterdir())):
        raise BadInput("it is there and holds no nowcast", file=out, place="--out", expected="a new or empty folder")
    if any(not one > 0 for one in thresholds):
        raise BadInput("a threshold is not positive", place="--threshold", expected="mm/h")
    power, climatology = law_named(law), read_climatology(climate) if climate else None
    measured = read_gauges(gauges) if gauges else None
    middle, why = _middle(city, around) or _wettest(read_radar(radar, power))
    frames = read_radar(radar, power, around=middle, reach_m=reach_km * 1000 + MARGIN_M * max(1.0, minutes / 60))
    adjustment = None
    if measured is not None:
        frames, adjustment = adjust_to_gauges(frames, measured, adjust)  # type: ignore[arg-type]
    window = frames.grid.window(*middle, reach_km * 1000)
    leads = max(1, round(minutes * 60 / frames.every_s))
    cast = nowcast_rain(
        frames,
        members=members,
        leads=leads,
        seed=seed,
        climatology=climatology,
        inner=window,
        engine=engine,  # type: ignore[arg-type]
    )
    shown = frames.cut(window)
    more = {
        "middle": list(middle),
        "seed": seed,
        "adjustment": None if adjustment is None else vars(adjustment),
        "thresholds_mm_h": list(thresholds),
    }
    page = nowcast_page(shown, cast, middle, adjustment=adjustment, gauges=measured, thresholds=thresholds)
    with landing_folder(out) as landing:
        save_nowcast(cast, shown, landing, thresholds, more)
        (landing / "nowcast.html").write_text(page, encoding="utf-8")
    _tell(frames, shown, cast, middle, why, adjustment, thresholds)
    click.echo(f"wrote {out / 'nowcast.html'}")


def _middle(city: Path | None, around: str | None) -> tuple[tuple[float, float], str] | None:
    from networks.errors import BadInput

    if around is not None:
        try:
            lon, lat = (float(part) for part in around.split(","))
        except ValueError:
            raise BadInput(f"{around!r} is no place", place="--around", expected="LON,LAT in degrees") from None
        return (lon, lat), "as given"
    if city is None:
        return None
    from pyproj import Transformer

    from networks import City

    opened = City.open(city)
    west, south, east, north = opened.bounds
    to_degrees = Transformer.from_crs(opened.crs, "EPSG:4326", always_xy=True)
    lon, lat = to_degrees.transform((west + east) / 2, (south + north) / 2)
    return (float(lon), float(lat)), opened.name


def _wettest(frames: RadarFrames) -> tuple[tuple[float, float], str]:
    """The middle of the heaviest rain of some size in the last frame."""
    import numpy as np
    from scipy.ndimage import gaussian_filter

    smooth = gaussian_filter(np.nan_to_num(frames.rate_mm_h[-1]), 8)
    row, col = np.unravel_index(int(np.argmax(smooth)), smooth.shape)
    lon, lat = frames.grid.places(float(row) + 0.5, float(col) + 0.5)
    return (float(lon), float(lat)), "the heaviest rain; --around or --city say another place"


def _tell(
    frames: RadarFrames,
    shown: RadarFrames,
    cast: Nowcast,
    middle: tuple[float, float],
    why: str,
    adjustment: Adjustment | None,
    thresholds: tuple[float, ...],
) -> None:
    import numpy as np

    first, last = frames.times[0], frames.times[-1]
    click.echo(f"{len(frames.times)} frames, {first:%Y-%m-%d %H:%M} to {last:%H:%M %Z}, every {frames.every_s:g} s")
    if frames.missing:
        click.echo(f"missing: {', '.join(f'{one:%H:%M}' for one in frames.missing)}")
    click.echo(f"around {middle[0]:.3f}, {middle[1]:.3f} ({why})")
    if adjustment is not None:
        click.echo(
            f"gauges over radar {adjustment.bias:.2f} ({adjustment.method}, {len(adjustment.used)} gauges; mean error "
            f"{adjustment.error_before_mm:.2f} mm, {adjustment.error_after_mm:.2f} mm at a gauge left out)"
        )
        for name, reason in adjustment.left_out:
            click.echo(f"left out: {name}: {reason}")
    speed = np.hypot(*(cast.motion.mean(axis=(1, 2)) * np.array(cast.grid.pixel_m)[::-1])) / frames.every_s
    click.echo(f"the rain moves at {speed:.1f} m/s")
    row, col = (int(one) for one in shown.grid.pixels(*middle))
    click.echo("in the middle: time, rain in mm/h (10 to 90 % of members), chance of " + ", ".join(
        f">= {one:g}" for one in thresholds))  # fmt: skip
    for at, time in enumerate(cast.times):
        here = cast.members_mm_h[:, at, row, col]
        if np.isnan(here).any():
            click.echo(f"  {time:%H:%M}  unknown: the rain comes from beyond what was read")
            continue
        low, mid, high = np.quantile(here, (0.1, 0.5, 0.9))
        chances = "  ".join(f"{float((here >= one).mean()):4.0%}" for one in thresholds)
        click.echo(f"  {time:%H:%M}  {mid:5.1f} ({low:.1f} to {high:.1f})  {chances}")
