"""The one event table of signals: controller, time, code, parameter; made of a simulation or read from the field.

Codes after J. R. Sturdevant et al., "Indiana Traffic Signal Hi Resolution Data Logger Enumerations", Indiana DOT and
Purdue University (2012); the text itself could not be read here, the numbers are those that public tools agree upon
(secondary source: the `atspm` package, https://github.com/ShawnStrasser/atspm).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from networks import BadInput
from scenarios.measures.channels import ZONE_M, Channels, Detector

if TYPE_CHECKING:
    import pandas as pd

PHASE_GREEN, PHASE_YELLOW, YELLOW_END = 1, 8, 9
DETECTOR_OFF, DETECTOR_ON = 81, 82
COLUMNS = ("time_s", "controller", "code", "parameter")
_ALIASES = {
    "time_s": ("time_s", "timestamp", "time", "eventtime"),
    "controller": ("controller", "signalid", "deviceid", "device_id", "signal_id", "locationidentifier"),
    "code": ("code", "eventid", "eventcode", "eventcodeid", "event_id", "event_code"),
    "parameter": ("parameter", "eventparam", "param", "event_param", "eventparameter"),
}


def loops_of(channels: Channels) -> list[tuple[str, str, float]]:
    """What a simulation must record for the detectors: (id, lane, position before the lane's end as a negative number).

    An advance detector is a point; one at the stop line is a zone, recorded at both its ends.
    """
    found = []
    for one in channels.detectors:
        name = f"{one.controller}|{one.channel}"
        found.append((f"{name}|in", one.lane_id, -one.distance_m))
        if one.role == "stop_bar":
            found.append((f"{name}|out", one.lane_id, ZONE_M - one.distance_m))
    return found


def events_of_run(states: pd.DataFrame, passed: pd.DataFrame, channels: Sequence[Channels]) -> pd.DataFrame:
    """The event table of a simulated run.

    Args:
        states: time_s, tls_id, state whenever a signal shows something else (models.sumo.record).
        passed: time_s, loop_id, on, vehicle_id of the loops of `loops_of`.
        channels: Of each controller.

    Returns:
        time_s, controller, code, parameter, in the order of time. A vehicle that changes lanes within the zone at the
        stop line is left out of that detector.
    """
    rows: list[tuple[float, str, int, int]] = []
    by_loop = {name: part for name, part in passed.groupby("loop_id")}
    for one in channels:
        shown = states[states["tls_id"] == one.controller]
        for number, (_, links) in one.phases.items():
            letters = [_lamp(state, links) for state in shown["state"]]
            rows += _lamp_events(list(shown["time_s"]), letters, one.controller, number)
        for detector in one.detectors:
            name = f"{detector.controller}|{detector.channel}"
            spans = _stays(by_loop.get(f"{name}|in"), by_loop.get(f"{name}|out"), detector)
            rows += [(t, detector.controller, code, detector.channel) for t, code in _presence(spans)]
    return _table(rows)


def _lamp(state: str, links: Sequence[int]) -> str:
    shown = {state[link] for link in links}
    return "G" if shown & set("Gg") else "y" if shown & set("yY") else "r"


def _lamp_events(
    times: Sequence[float], letters: Sequence[str], name: str, number: int
) -> list[tuple[float, str, int, int]]:
    """Begin of green and of yellow, end of yellow; a green that ends without yellow has one of no length."""
    found, last = list[tuple[float, str, int, int]](), ""
    for time, letter in zip(times, letters, strict=True):
        codes = []
        if last and letter != last:
            codes += [PHASE_YELLOW] if last == "G" else []
            codes += [YELLOW_END] if (last, letter) in (("G", "r"), ("y", "r"), ("y", "G")) else []
            codes += [PHASE_GREEN] if letter == "G" else []
        found += [(float(time), name, code, number) for code in codes]
        last = letter
    return found


def _stays(entered: pd.DataFrame | None, left: pd.DataFrame | None, detector: Detector) -> list[tuple[float, float]]:
    """From when to when each vehicle was over a detector."""
    if entered is None or (detector.role == "stop_bar" and left is None):
        return []
    found, waiting = list[tuple[float, float]](), dict[str, float]()
    ends = entered if left is None else left
    both = [(float(t), 1, str(v)) for t, v, on in _rows(entered) if on]
    both += [(float(t), 0, str(v)) for t, v, on in _rows(ends) if not on]
    for time, begins, vehicle in sorted(both):
        if begins:
            waiting[vehicle] = time
        elif vehicle in waiting:
            found.append((waiting.pop(vehicle), time))
    return sorted(found)


def _rows(passed: pd.DataFrame) -> Iterator[tuple[float, str, bool]]:
    return zip(passed["time_s"], passed["vehicle_id"], passed["on"], strict=True)


def _presence(spans: Sequence[tuple[float, float]]) -> Iterator[tuple[float, int]]:
    """On and off of a detector that knows only whether somebody is over it; vehicles at a moment's distance are two."""
    until = None
    for begin, end in spans:
        if until is None or begin > until:
            if until is not None:
                yield until, DETECTOR_OFF
            yield begin, DETECTOR_ON
            until = end
        else:
            until = max(until, end)
    if until is not None:
        yield until, DETECTOR_OFF


def read_events(file: Path) -> pd.DataFrame:
    """Events of the field from a CSV file: time, controller, code and parameter under any of their usual names.

    Times may be numbers (seconds) or dates with times: these become seconds since the midnight before the first.

    Raises:
        BadInput: A column is missing, or a value is no number or time.
    """
    import pandas as pd

    try:
        table = pd.read_csv(file, dtype=str, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise BadInput(f"it cannot be read: {error}", file=file, expected="a CSV file of events") from error
    own = {name.strip().lower(): name for name in table.columns}
    chosen = {}
    for name, aliases in _ALIASES.items():
        found = next((own[alias] for alias in aliases if alias in own), None)
        if found is None:
            raise BadInput(f"it has no column for {name}", file=file, expected=f"one of {', '.join(aliases)}")
        chosen[name] = table[found].str.strip()
    rows = pd.DataFrame(chosen)
    rows["time_s"] = _seconds(rows["time_s"], file)
    for name in ("code", "parameter"):
        numbers = pd.to_numeric(rows[name], errors="coerce")
        _check_whole(numbers, rows[name], name, file)
        rows[name] = numbers.astype(int)
    return rows.sort_values("time_s", kind="stable").reset_index(drop=True)[list(COLUMNS)]


def _seconds(column: pd.Series, file: Path) -> pd.Series:
    import pandas as pd

    numbers = pd.to_numeric(column, errors="coerce")
    if not len(numbers) or pd.notna(numbers.iloc[0]):
        _check_whole(numbers, column, "time", file)
        return numbers.astype(float)
    times = pd.to_datetime(column, errors="coerce", format="mixed")
    _check_whole(times, column, "time", file)
    return (times - times.min().normalize()).dt.total_seconds()


def _check_whole(values: pd.Series, written: pd.Series, name: str, file: Path) -> None:
    if values.isna().any():
        row = int(values.isna().to_numpy().argmax())
        raise BadInput(f"{written.iloc[row]!r} is no {name}", file=file, place=f"line {row + 2}")


def write_events(events: pd.DataFrame, file: Path) -> None:
    """Write an event table as a CSV file that `read_events` reads back exactly."""
    from networks import landing_file

    with landing_file(file) as beside:
        events.to_csv(beside, index=False, columns=list(COLUMNS))


def _table(rows: Sequence[tuple[float, str, int, int]]) -> pd.DataFrame:
    import pandas as pd

    table = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"time_s": float, "code": int, "parameter": int})
    return table.sort_values(["time_s", "controller"], kind="stable").reset_index(drop=True)
