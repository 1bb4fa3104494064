"""SUMO itself: any of its scenarios read, checked and run, by its own binary or through libsumo."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.sumo.branch import Branch, Ended
    from models.sumo.case import SumoCase, read_case
    from models.sumo.checks import check_case
    from models.sumo.native import Finished, large_pages, run_native
    from models.sumo.outputs import TABLES, read_tables
    from models.sumo.own_files import can_fork
    from models.sumo.recording import Loop, Recording, record
    from models.sumo.session import Session, load_libsumo
    from models.sumo.warm import WarmCity

__all__ = [
    "TABLES",
    "Branch",
    "Ended",
    "Finished",
    "Loop",
    "Recording",
    "Session",
    "SumoCase",
    "WarmCity",
    "can_fork",
    "check_case",
    "large_pages",
    "load_libsumo",
    "read_case",
    "read_tables",
    "record",
    "run_native",
]

_WHERE = {
    "TABLES": "outputs",
    "Branch": "branch",
    "Ended": "branch",
    "Finished": "native",
    "large_pages": "native",
    "Loop": "recording",
    "Recording": "recording",
    "record": "recording",
    "Session": "session",
    "SumoCase": "case",
    "WarmCity": "warm",
    "can_fork": "own_files",
    "check_case": "checks",
    "load_libsumo": "session",
    "read_case": "case",
    "read_tables": "outputs",
    "run_native": "native",
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"models.sumo.{_WHERE[name]}"), name)
