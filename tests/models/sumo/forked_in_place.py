"""A program for the tests: fork a run in this very process, with or without files of the children's own.

Arguments: folder, "own" or "shared", fork time and end time in s, and SUMO's options. Prints how each child and this
process ended, as JSON.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path

from models.sumo import child
from models.sumo.branch import Branch
from models.sumo.own_files import OwnFile
from models.sumo.positions import Positions


def no_own_files(folder: Path) -> list[OwnFile]:
    folder.mkdir(parents=True)
    return []


def main() -> None:
    folder, files, fork_s, end_s, *arguments = sys.argv[1:]
    if files == "shared":
        child.take_own_files = no_own_files
    session = child.Session(arguments)
    session.sumo.simulationStep(float(fork_s))
    branches = [Branch(f"child-{k}", float(end_s)) for k in range(3)]
    ended = child.Children(session, Path(folder)).run(branches, at_once=3, born=lambda *_: None)
    problem = None
    try:
        session.sumo.simulationStep(float(end_s))
    except session.failures as error:
        problem = str(error)
    told = [one.after.digest if one.after else one.problem for one in ended]
    print(json.dumps({"children": told, "parent": problem or dataclasses.asdict(Positions.of(session.sumo))["digest"]}))


main()
