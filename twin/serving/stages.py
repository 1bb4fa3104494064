"""The stages of a served town, in their order: what is seen, what comes, what is wrong, what to do, what leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import tzinfo

    import numpy as np
    from numpy.typing import NDArray

    from models.sumo import SumoCase
    from models.sumo.change import Change
    from networks import City
    from twin.cycle import Stage
    from twin.desk import Desk, Permission
    from twin.feeds import FeedSet
    from twin.live.counts_now import CountsNow
    from twin.live.posting import Posting
    from twin.live.traffic import Traffic
    from twin.plans import PlanBook
    from twin.serving.seeing import Seen
    from twin.serving.stage_files import StageFiles
    from twin.store import FeedStore


@dataclass(frozen=True, slots=True)
class Staged:
    """The stages, and those of them that others ask."""

    stages: Sequence[Stage]
    seen: Seen
    posting: Posting | None


def stages_of(
    city: City, case: SumoCase, traffic: Traffic, counts: CountsNow, store: FeedStore, desk: Desk, files: StageFiles,
    out: Path, zone: tzinfo, *, feeds: FeedSet | None = None, usual: NDArray[np.float64] | None = None, seed: int = 1,
    meso: bool = False,
) -> Staged:  # fmt: skip
    """All stages that the files and the city allow.

    Args:
        city: Where.
        case: Of the town.
        traffic: The stage of the streets.
        counts: What sensors say.
        store: Of the feeds.
        desk: Of the operators.
        files: What else is given.
        out: Folder of the service.
        zone: Of the city's clock.
        feeds: Those that are recorded; None: nobody can ask how they are.
        usual: What the sensors counted on earlier days (M, S, T), from the same second on as `counts`, or None.
        seed: Of who follows a sign.
        meso: The town is mesoscopic.

    Raises:
        BadInput: A file cannot be read.
    """
    from twin.advice import AdviceGround, Adviser, Rules, changes_of
    from twin.live.advising import Advising
    from twin.live.carried import Carried
    from twin.live.outcoming import Outcoming
    from twin.live.standing_down import StandingDown
    from twin.live.water_points import Water, lanes_of
    from twin.outcome import OutcomeBook
    from twin.plans import PlanBook, read_plans
    from twin.serving.seeing import seeing

    plans = PlanBook(desk.book, read_plans(files.plans) if files.plans else read_plans())
    seen = seeing(
        city, case.net, traffic, counts, store, desk.book, plans, files, out, zone, feeds=feeds, usual=usual
    )  # fmt: skip
    posting = _posting(desk, files.receivers, plans)
    traffic.water = Water(seen.points, seen.levels, lanes_of(seen.net, seen.points)) if seen.points else None
    ground = AdviceGround.of(case.net, case.additionals, Rules(case.net, files.rules))
    adviser = Adviser(traffic.town, ground, out / "advice", seed=seed, meso=meso)
    if posting is not None:

        def changes(interventions: Sequence[Mapping[str, Any]]) -> tuple[tuple[Change, ...], tuple[str, ...]]:
            return changes_of(interventions, ground, seed)

        traffic.carried = Carried(desk, posting.mailroom, changes, counts.origin)
    running = traffic.carried.plans if traffic.carried else None
    stages: list[Stage] = [*seen.stages, Advising(adviser, seen.alarming, desk, traffic.lock, running)]
    stages += [StandingDown(desk, seen.alarming.alarms)]
    stages += [posting] if posting else []
    if traffic.carried is not None:
        stages += [Outcoming(traffic.town, traffic.carried, OutcomeBook(desk.book), traffic.lock, counts)]
    return Staged(stages, seen, posting)


def _posting(desk: Desk, file: Path | None, plans: PlanBook) -> Posting | None:
    from twin.live.posting import Posting
    from twin.out import Mailroom, read_receivers

    if file is None:
        return None

    def permission(rec_id: str) -> Permission | None:
        """A case's task has a slash in it, a recommendation has none."""
        return plans.permission(rec_id) if "/" in rec_id else desk.permission(rec_id)

    receivers = read_receivers(file)
    mailroom = Mailroom(desk.book, receivers.channels(desk.book.clock), permission)
    return Posting(desk, mailroom, receivers, plans)
