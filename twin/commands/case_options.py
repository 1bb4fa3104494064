"""Where members are run, and the options of `twin run` that belong to --sumocfg."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from scenarios.cases.case_run import CaseOptions
    from scenarios.ensembles.executor import Executor


@dataclass(frozen=True)
class Where:
    """Where members are run."""

    runs: Path
    ray_address: str | None = None
    workers: int | None = None
    serial: bool = False
    memory_cap: int | None = None

    def executor(self) -> Executor:
        """Ray, or this process."""
        from scenarios.ensembles.executor import RayExecutor, SerialExecutor

        if self.serial:
            return SerialExecutor(memory_cap=self.memory_cap)
        return RayExecutor(self.ray_address, workers=self.workers, memory_cap=self.memory_cap)


_OPTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("--begin", {"type": float, "help": "First second.  [default: the configuration's]"}),
    ("--end", {"type": float, "help": "Last second.  [default: the configuration's]"}),
    ("--meso", {"is_flag": True, "help": "Mesoscopic: some 30 times faster, under-estimates gridlock."}),
    ("--tables", {"default": "trips", "show_default": True, "help": "Of trips, edges, lanes, detectors."}),
    ("--interval", {"type": click.FloatRange(1.0), "default": 60.0, "show_default": True, "help": "Of tables, s."}),
    ("--warm-up", {"type": click.FloatRange(0.0), "default": 0.0, "help": "Measures leave out its trips, s."}),
    ("--emissions", {"is_flag": True, "help": "Also emissions by edge and trip (HBEFA)."}),
    ("--from", {"type": float, "help": "Alternatives share their past until then, s."}),
    ("--alternatives", {"type": click.Path(path_type=Path), "help": "YAML: what they do from then on."}),
    ("--ssm", {"is_flag": True, "help": "Also conflicts (surrogate safety measures); costs much time."}),
)
"""Options that only mean something with --sumocfg."""


def sumocfg_options(command: Callable[..., None]) -> Callable[..., None]:
    """--sumocfg and what belongs to it."""
    for name, settings in reversed(_OPTIONS):
        command = click.option(name, **{**settings, "help": f"{settings['help']}  (--sumocfg)"})(command)
    told = "Any SUMO configuration, instead of FILE."
    return click.option("--sumocfg", type=click.Path(path_type=Path), help=told)(command)


def refuse_without_sumocfg(given: Mapping[str, Any]) -> None:
    """A usage error where an option of --sumocfg is given without it."""
    for name, settings in _OPTIONS:
        key = name[2:].replace("-", "_")
        if given.get(key) != settings.get("default", False if settings.get("is_flag") else None):
            raise click.UsageError(f"{name} goes with --sumocfg")


def options_of(given: Mapping[str, Any]) -> CaseOptions:
    """How the case is run, from the command line."""
    from scenarios.cases.case_run import CaseOptions

    tables = tuple(dict.fromkeys(name.strip() for name in given["tables"].split(",") if name.strip()))
    return CaseOptions(tables, given["interval"], given["meso"], given["emissions"], given["ssm"], given["warm_up"])
