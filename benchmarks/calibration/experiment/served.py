"""The twin and the baselines together: mixed evenly where nobody can measure, and by measured skill where one can."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from benchmarks.calibration.experiment.baselines import oracles, survey_and_level
from benchmarks.calibration.experiment.corrected import corrected, correcting
from benchmarks.calibration.experiment.known import QUANTITIES, Known
from benchmarks.calibration.experiment.setting import Forecaster, Setting
from calibration.skill import Forecast, Ledger, Server

MIXED = "twin and survey x level"


@contextmanager
def mixed(setting: Setting) -> Iterator[Forecaster]:
    """`twin, corrected` and `survey x level` in equal parts: what a town with sensors and a survey can have."""
    with corrected(setting) as twin, survey_and_level(setting) as level:

        def forecast(known: Known) -> Sequence[Forecast]:
            pairs = zip(twin(known), level(known), strict=False)
            return [replace(Server().serve(pair).mixed, source=MIXED) for pair in pairs]

        yield forecast


@contextmanager
def served(setting: Setting) -> Iterator[Forecaster]:
    """What `calibration.skill.Server` serves where the judged places are seen live, the twin being a source."""
    shutil.rmtree(setting.folder / "ledger", ignore_errors=True)
    ledger, server, correct = Ledger(setting.folder / "ledger"), Server(), correcting(setting)
    with oracles(setting) as baselines:

        def forecast(known: Known) -> Sequence[Forecast]:
            assert known.live is not None
            server.learn(ledger.settle(tuple(known.live.values()), known.now_s))
            told = baselines(known)
            usual = {one.quantity: one for one in told if one.source == "oracle historical mean"}
            twins = {quantity: correct(known, usual[quantity]) for quantity in QUANTITIES}
            answers = []
            for quantity, twin in twins.items():
                if twin is not None:
                    twin = replace(twin, source="oracle twin x historical mean")
                    sources = [twin, *(one for one in told if one.quantity == quantity)]
                    answer = server.serve(sources)
                    ledger.issue([*sources, answer.mixed])
                    answers += [twin, replace(answer.forecast, source="oracle served")]
            return answers

        yield forecast
