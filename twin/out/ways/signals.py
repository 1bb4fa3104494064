"""Signal plans to controllers (GA/T 1049.2, GB/T 20999), or as a sheet for those who type them in (NTCIP 1202, UTDF).

A plan that fails the rules of its locale, or is less safe than the network's own, does not leave. What runs is read and
kept first; each plan goes to a free number, is read back and compared, and only when all are there the crossings switch
(`networks.protocols.sending`). So a plan that is sent again is found there and nothing is written twice, and "done" is
what was read back.

NTCIP 1202 is not open: its sheet holds the objects of one pattern (docs/reference.md says from which sources), and
nobody sends them by SNMP here.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, MutableMapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, model_validator

from networks.errors import BadInput, EngineFailed, NotThere, Refused, StorageFailed
from twin.feeds.sources.environment import from_environment
from twin.out.message import Acknowledged, OutMessage
from twin.out.signal_plans import signal_plans_of
from twin.out.ways.address import Address
from twin.out.words.written import Text

if TYPE_CHECKING:
    from networks import SignalPlan
    from networks.exchange.exporting import Report

_SUFFIX = {"gat1049": ".xml", "gbt20999": ".json", "ntcip": ".csv", "utdf": ".csv"}
_LINES = ("gat1049", "gbt20999")


class SignalsWay(Text):
    """Where the controllers are.

    Attributes:
        protocol: What they speak; `ntcip` and `utdf` are sheets in `folder`.
        net: The SUMO network, or a City folder: the ground that plans are checked on.
        folder: Keeps what was sent, its audit, and what ran before.
        rules: A locale (`twin signals check`), or a file of rules.
        overrides: `RULE=REASON`: rules that may fail here.
        host, port: Of the controllers' station.
        user: At the login.
        password_env: The environment variable that holds the password.
        edition: Of GA/T 1049.2.
    """

    kind: Literal["signals"]
    protocol: Literal["gat1049", "gbt20999", "ntcip", "utdf"]
    net: Path
    folder: Path
    rules: str
    overrides: tuple[str, ...] = ()
    host: str = "127.0.0.1"
    port: int = Field(0, ge=0, le=65535)
    user: str = "citytwin"
    password_env: str = ""
    edition: Literal[2013, 2024] = 2024

    @model_validator(mode="after")
    def _agrees(self) -> SignalsWay:
        if (self.protocol in _LINES) != bool(self.port):
            raise ValueError(f"port says where controllers listen, for {' and '.join(_LINES)} and only for them")
        return self

    def channel(self, to: Address, _shared: MutableMapping[Hashable, Any]) -> SignalsChannel:
        """The channel of a receiver."""
        password = from_environment(self.password_env, "password_env") if self.password_env else ""
        return SignalsChannel(to, self, password)


class SignalsChannel:
    """Controllers of one station.

    Args:
        to: The receiver.
        way: Where and how.
        password: For the login.
    """

    def __init__(self, to: Address, way: SignalsWay, password: str) -> None:
        self.name, self.done_within_s = to.name, to.done_within_s
        self._way, self._password = way, password

    def send(self, message: OutMessage) -> Acknowledged:
        """Check the plans, and let them run or write them down."""
        interventions = list(message.body.get("interventions") or ())
        try:
            plans = signal_plans_of(interventions, message.rec_id)
            if not plans or any(one.get("kind") != "signal_plan" for one in interventions):
                return Acknowledged("refused", "it orders something else than whole signal plans")
            out = self._exported(plans, message)
            if self._way.protocol not in _LINES:
                return Acknowledged("taken", f"written as {out.name}, to be typed in; nobody says that it runs")
            return self._sent(out, message.key)
        except (BadInput, Refused) as error:
            return Acknowledged("refused", str(error))
        except (NotThere, EngineFailed, StorageFailed) as error:
            return Acknowledged("unknown", str(error))

    def _exported(self, plans: Mapping[str, SignalPlan], message: OutMessage) -> Path:
        """The plans as a file that passed the rules, with the audit beside it; all of them or none."""
        from networks import (
            build_controller,
            check_plan,
            check_plans,
            export_audited,
            read_layouts,
            read_override,
            read_rules,
            read_signal_plans,
        )
        from networks.signals.plans.stretching import new_faults

        net = self._net
        layouts, table = read_layouts(net), read_rules(self._way.rules)
        strange = sorted(plans.keys() - layouts.keys())
        if strange:
            raise BadInput("the network has no such signal", place=f"signal {strange[0]}")
        today = read_signal_plans(net, source="imported")
        for tls, plan in sorted(plans.items()):
            controller = build_controller(layouts[tls])
            own = check_plan(today[tls], controller) if tls in today else ()
            if faults := new_faults(check_plan(plan, controller), own):
                raise Refused(f"it is less safe than the network's plan: {faults[0]}", place=f"signal {tls}")
        self._way.folder.mkdir(parents=True, exist_ok=True)
        out = self._way.folder / f"{message.key}{_SUFFIX[self._way.protocol]}"
        reports: list[Report] = []
        export_audited(
            lambda path: reports.append(self._report(plans, layouts, path)),
            check_plans(list(plans.values()), layouts, table),
            table,
            out,
            overrides=[read_override(words) for words in self._way.overrides],
            who=message.allowed_by,
            when=datetime.now(UTC),
        )
        if reports[0].left_out:
            tls, why = next(iter(reports[0].left_out.items()))
            raise BadInput(f"it cannot be told: {why}", place=f"signal {tls}")
        return out

    def _report(self, plans: Mapping[str, SignalPlan], layouts: Any, out: Path) -> Report:
        from networks import read_signal_plans
        from networks.exchange.exporting import export_ntcip, export_utdf
        from networks.protocols.exporting import export_gat1049, export_gbt20999

        if self._way.protocol == "ntcip":
            return export_ntcip(plans, layouts, out)
        if self._way.protocol == "utdf":
            return export_utdf(plans, layouts, out)
        wiring = read_signal_plans(self._net, source="imported")
        if self._way.protocol == "gbt20999":
            return export_gbt20999(plans, layouts, out, wiring=wiring)
        return export_gat1049(plans, layouts, out, edition=self._way.edition, wiring=wiring)

    def _sent(self, out: Path, key: str) -> Acknowledged:
        from networks.protocols.sending import send_plans
        from networks.protocols.stations import read_station_file

        station = read_station_file(out)
        before = self._way.folder / f"{key}.before{station.suffix}"

        def keep(records: Any) -> None:
            if not before.exists():  # sent again: what ran before the first time is what counts
                station.write(records, before)

        link = station.connect(self._way.host, self._way.port, self._way.user, self._password)
        try:
            plans = {name: record.plan for name, record in station.records.items()}
            done = send_plans(link, plans, keep, station.most_plans)
        finally:
            link.close()
        said = ", ".join(f"{one.cross_id}: plan {one.before} -> {one.after}" for one in done)
        return Acknowledged("done", f"read back and compared; {said}; what ran before: {before.name}")

    @property
    def _net(self) -> Path:
        from networks import City

        return self._way.net if self._way.net.is_file() else City.open(self._way.net).net_file
