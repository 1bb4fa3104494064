"""The command `twin`: what it is called with is read here, the work is done in the rooms below.

Nothing heavy is imported before a command needs it: `twin --help` answers at once. Exit statuses: 0 done, 1 an
unexpected end, 2 something given cannot be used, 3 an engine stopped, 4 refused, 5 storage failed, 6 a quality
check failed that had to pass, 130 Ctrl-C.
"""

from __future__ import annotations

import os

try:
    import atexit
    import errno
    import signal
    import sys
    import threading
    from collections.abc import Iterator, Sequence
    from contextlib import contextmanager
    from types import FrameType

    import click

    from networks.errors import TwinError
    from twin.lazy_group import LazyGroup
except KeyboardInterrupt:  # pressed while the program itself is being loaded
    os.write(2, b"twin: stopped by Ctrl-C before anything began.\n")
    os._exit(130)

INTERRUPTED = 130

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("demo", "Play a summer evening in central Helsinki and write its report."),
    "build": ("build", "Build a City folder from an OpenStreetMap file, a place's name or a SUMO net."),
    "import": ("imports", "Bring what you own into a city: zones, trip tables, timetables."),
    "quality": ("quality", "Print a city's quality report, write its page, hold it against thresholds."),
    "migrate": ("migrate", "Bring an older City folder up to date."),
    "export": ("export", "Write a layer as GeoJSON, GeoPackage or CSV, in the datum that you want."),
    "catalog": ("catalog", "List a city's datasets: address, licence, owner, age, hash, lineage."),
    "doctor": ("doctor", "Say what is missing on this machine and in a city, and what to do."),
    "diff": ("diff", "Say what changed on a newer map, and what to check again."),
    "corrections": ("corrections", "Check hand corrections of the map; print their JSON Schema."),
    "signals": ("signals", "Show a city's signals; hold plans against the rules of a locale."),
    "flood": ("flood", "Rain now and next, official rain signals, and what floods."),
    "emergency": (
        "emergency",
        "Routes, coverage, sites and dispatch of rescue services, past roads that jam and flood.",
    ),
    "trip": ("trip", "By car to a car park with space and on foot from there: the quickest, and others."),
    "crowd": ("crowd", "Visitors: how many will come."),
    "sensors": ("sensors", "What counters say, and which of them to believe."),
    "purge": ("purge", "Remove what a feed told, from rows, log and dead letters, and prove it."),
    "backup": ("backup", "Keep store and feed logs, while feeds run."),
    "restore": ("backup", "Bring a backup back, and say what was lost and how long it took."),
    "privacy": ("privacy", "Look for identifiers of persons; export in cells of enough movers."),
    "incidents": ("incidents", "Blocked lanes found from counts, told from lying sensors and other demand."),
    "bottlenecks": ("bottlenecks", "Where queues begin, what they cost, why, and whether more green helps."),
    "calibrate": ("calibrate", "From counts to a demand, proved on sensors that were held out."),
    "parameters": ("parameters", "What drivers, signals and gaps are like, from counts, speeds and travel times."),
    "now": ("now", "Follow a town by its counts, and forecast the next hour."),
    "skill": ("skill", "How good the forecasts were, and which of them is served where."),
    "scenario": ("scenario", "Check scenario files; print their JSON Schema."),
    "run": ("study", "Run a scenario, or any SUMO case, with several seeds in parallel."),
    "runs": ("runs", "List the runs that are kept; prune them."),
    "replay": ("replay", "Repeat a run, or a recommendation's runs, and say whether they gave the same."),
    "fork": ("fork", "Copy a live simulation exactly, and prove it."),
    "assign": ("assign", "Assign trips to a city's streets: flows, v/c, skims, select link, schemes."),
    "matrix": ("matrix", "Turn trip tables from OMX to CSV and back; grow them."),
    "compare": ("study", "Compare two ensembles, seed by seed, with intervals."),
    "measures": ("measures", "Say what is measured, in which unit, and after whom."),
    "feeds": ("feeds", "What the city says: feeds in, every message kept, understood and stored."),
    "alarms": ("alarms", "What is wrong, or will be: list, show, judge; how early and how often false."),
    "report": ("report", "A report in HTML and PDF, with what it rests on, tables, layers and a QGIS project."),
    "validation": ("validation", "One page of every validation of every model, failures included."),
    "desk": ("desk", "Recommendations: list, show, approve, change, reject, roll back; people and rules."),
    "audit": ("audit", "Prove that the desk's audit is whole: nothing changed, taken out or put in."),
    "out": ("out", "What left the twin: messages, answers, dead letters."),
    "outcome": ("outcome", "What approved actions brought, and how far each kind may be trusted."),
    "plans": ("plans", "Response plans: list, check and show them."),
    "cases": ("cases", "Response plans at work: who is called, who answered, what waits for a signature."),
    "drill": ("drill", "Play PLAN (a name of the library, or a file) on an injected clock, and write the review."),
    "conformance": ("conformance", "Prove each capability of the City Brain plans, by running its tests."),
    "film": ("film", "A served stretch of time as one page that plays without a server."),
    "serve": ("serve", "The live twin: feeds in, forecasts and recommendations out, the cockpit page."),
}
"""Command -> (module in twin.commands that holds it, one line of help)."""


@click.group(
    cls=LazyGroup,
    table=COMMANDS,
    ending="_command",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(package_name="citytwin", prog_name="twin")
def twin() -> None:
    """A city twin: traffic, flood and crowd on one clock, searched for better actions, decided by operators.

    Map data (c) OpenStreetMap contributors, ODbL.
    """


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status; errors are told on stderr in words."""
    with _hearing() as heard:
        try:
            words = None if arguments is None else list(arguments)
            result = twin.main(args=words, prog_name="twin", standalone_mode=False)
        except (click.Abort, KeyboardInterrupt):
            return _interrupted()
        except Exception as error:
            return _interrupted() if heard else _told(error)
    return result if isinstance(result, int) else 0


def main() -> None:
    """The console script."""
    ended: list[int] = []
    atexit.register(_leave, ended)  # first in, so last out
    ended.append(run())
    sys.exit(ended[0])


@contextmanager
def _hearing() -> Iterator[list[int]]:
    """Ctrl-C as ever, and a list that says whether it came: while they are imported, libraries turn it into errors."""
    heard: list[int] = []

    def hear(number: int, frame: FrameType | None) -> None:
        heard.append(number)
        signal.default_int_handler(number, frame)

    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield heard  # ignored in the background, or heard by whoever called us
        return
    signal.signal(signal.SIGINT, hear)
    try:
        yield heard
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _told(error: Exception) -> int:
    """Tell an error in words; what nobody foresaw is raised again."""
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    if isinstance(error, TwinError):
        _tell(str(error))
        return error.exit_status
    if isinstance(error, BrokenPipeError):
        sys.stderr.close()  # whoever read our output has gone; that is no error
        return 0
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        _tell(f"the disk is full: {error.filename or error.strerror}\n  to do: free some space and run again")
        return 5
    if isinstance(error, OSError) and error.errno in (errno.ENAMETOOLONG, errno.ELOOP):
        _tell(f"{error.filename}: {error.strerror}\n  to do: give another path")
        return 2
    raise error


def _interrupted() -> int:
    _tell("stopped by Ctrl-C. What was finished is kept and used again; nothing half-written was left.")
    return INTERRUPTED


def _leave(ended: list[int]) -> None:
    """Python would end by the signal itself, not by our status, if Ctrl-C had met it while it compiled a text."""
    if ended == [INTERRUPTED]:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(INTERRUPTED)


def _tell(message: str) -> None:
    click.echo(f"twin: {message}", err=True)


if __name__ == "__main__":
    main()
