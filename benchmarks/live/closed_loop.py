"""The closed loop, and what it gained: `python -m benchmarks.live.closed_loop --folder DIR [--planted X.yaml]`.

The hidden city has an incident; the twin hears of it over the broker, an operator approves what it recommends, the
order goes back over the broker, the city obeys. Then the city is run again with the same draws, with the orders and
without: the true gain, in vehicle-hours. With `--by-hand SHARE` no twin runs: signs tell drivers to avoid the blocked
street ten minutes after it was blocked (SHARE of them comply), which measures the city, not the twin.
`--table docs/validation` writes what `twin validation` shows.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks.feeds.mosquitto import PASS_PHRASE, Mosquitto
from benchmarks.kept_table import keep_table, row_of_draws, table_option
from benchmarks.live.day import FEEDS, PASSWORD, heard_by, played, prepared, served
from benchmarks.live.day_told import Cycle
from benchmarks.live.planted import Planted, read_planted
from benchmarks.live.street_gain import orders_in, paired
from benchmarks.live.street_orders import Order
from benchmarks.live.street_process import StreetProcess
from networks.sentence import say
from twin.desk import Desk

INCIDENT = Path(__file__).parent / "days" / "incident.yaml"
RECEIVERS = """receivers:
  - id: roads
    takes: [signal_plan, situation, vms, rollback, task, warning]
    way: {{kind: mqtt, host: 127.0.0.1, port: {port}, user: citytwin, password_env: {env}}}
    done_within_s: 600
"""
FIXED = say(
    "The incident and the hidden city stand in a file; with and without meet the same draws.",
    "事件与隐藏城市写于文件；有无措施两种情形采用相同的随机抽样。",
)
OPERATORS = (("first operator", "operator"), ("second operator", "engineer"))


def main() -> None:
    """Play, approve, and hold it against "not done"."""
    given = _arguments()
    planted, folder = read_planted(given.planted), given.folder.absolute()
    if given.by_hand is not None:
        planted = planted.model_copy(update={"compliance": given.by_hand})
        orders = _by_hand(planted)
    else:
        _loop(planted, folder, given)
        orders = orders_in(folder / "street" / "truth.jsonl")
    saved, shares = list[float](), list[float]()
    until_s = min(given.hours * 3600.0, planted.end_s)
    for seed in range(1, given.seeds + 1):
        gain = paired(planted, orders, until_s, seed)
        told = f"{len(orders)} orders: {sum(gain.done_h):.1f} vehicle-hours, {sum(gain.not_done_h):.1f} without"
        share = gain.saved_h / sum(gain.not_done_h)
        saved.append(gain.saved_h)
        shares.append(share)
        print(f"seed {seed}: {told}; saved {gain.saved_h:+.1f} ({share:+.1%})", flush=True)
    case = f"{given.planted.stem}, {len(orders)} orders" + (", no twin" if given.by_hand is not None else "")
    rows = [
        row_of_draws(case, "real", "vehicle-hours saved", saved),
        row_of_draws(case, "real", "of all vehicle-hours saved, share", shares),
    ]
    keep_table(given.table, "closed_loop", rows, fixed=FIXED, data=[given.planted])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--planted", type=Path, default=INCIDENT)
    parser.add_argument("--from", dest="first", type=float, default=6.5, help="hour of the first cycle")
    parser.add_argument("--hours", type=float, default=9.5, help="hour of the last")
    parser.add_argument("--members", type=int, default=4)
    parser.add_argument("--usual", type=int, default=3)
    parser.add_argument("--seeds", type=int, default=1, help="SUMO's, of the pairs")
    parser.add_argument("--meso", action="store_true", help="the twin's streets are mesoscopic: for large towns")
    parser.add_argument("--by-hand", type=float, help="no twin: so many follow signs")
    table_option(parser)
    return parser.parse_args()


def _by_hand(planted: Planted) -> list[tuple[float, Order]]:
    return [
        (one.from_s + 600.0, Order(f"signs-{at}", "roads", "vms", ({"kind": "diversion", "avoid": [one.edge]},)))
        for at, one in enumerate(planted.incidents)
    ]


def _loop(planted: Planted, folder: Path, given: argparse.Namespace) -> None:
    shutil.rmtree(folder / "played", ignore_errors=True)
    (folder / "played" / "broker").mkdir(parents=True)
    os.environ[PASSWORD] = PASS_PHRASE
    sensors = prepared(planted, folder, given.usual)
    with Mosquitto(folder / "played" / "broker") as broker:
        (folder / "played" / "feeds.yaml").write_text(FEEDS.format(port=broker.port, env=PASSWORD), encoding="utf-8")
        receivers = folder / "played" / "receivers.yaml"
        receivers.write_text(RECEIVERS.format(port=broker.port, env=PASSWORD), encoding="utf-8")
        more = ["--receivers", str(receivers), *(["--meso"] if given.meso else [])]
        with (
            StreetProcess(given.planted, folder / "street", broker.port, sensors) as street,
            served(planted, folder, given.members, given.usual, more) as twin,
        ):
            heard_by(broker, twin)
            out, window_s = folder / "played" / "out", (given.first * 3600.0, given.hours * 3600.0)
            for cycle in played(planted, street, twin, out, window_s):
                for line in _approved(out, cycle):
                    print(line, flush=True)


def _approved(out: Path, cycle: Cycle) -> Iterator[str]:
    """Approve whatever is on the desk, by as many people as it needs; what was done, in words."""
    desk = Desk.open(out / "desk.sqlite")
    try:
        for entry in desk.entries("proposed"):
            for who, role in OPERATORS:
                if desk.exactly(entry.rec_id).status == "proposed":
                    desk.decide(entry.rec_id, "approve", who=who, why="closed loop", role=role)
            title = json.dumps(entry.document.get("title", ""), ensure_ascii=False)
            yield f"{cycle.at_s / 3600:5.2f} h  {desk.exactly(entry.rec_id).status}: {title}"
    finally:
        desk.close()


if __name__ == "__main__":
    main()
