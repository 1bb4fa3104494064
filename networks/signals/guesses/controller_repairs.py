"""What was changed on the map's signals so that each intersection has one controller."""

from __future__ import annotations

from networks.repairs import Repair
from networks.sentence import Sentence, say
from networks.signals.guesses.controller import Controller, node_refs


def controller_repairs(one: Controller) -> list[Repair]:
    """Signals put together, junctions added, controllers made one."""
    nodes, anchors = one.osm_nodes, one.anchors

    def repair(rule: str, why: Sentence, before: str, after: str) -> Repair:
        return Repair(rule, node_refs(nodes), one.tls_id, why, before, after, one.x, one.y)

    found = []
    if len(nodes) > 1 or set(nodes) != set(anchors):
        found.append(
            repair(
                "signals_grouped",
                say(
                    "signals on stop lines, crossings and split junctions of one intersection share a controller",
                    "同一路口的停止线、人行横道及被拆分节点上的信号灯由同一台信号机控制",
                ),
                f"{len(nodes)} signal nodes",
                f"1 controller at {' '.join(one.junctions)}",
            )
        )
    unlit = sorted(set(anchors) - set(nodes))
    if any(site.kind == "junction" and len(site.anchors) > 1 for site in one.sites) and unlit:
        found.append(
            repair(
                "signal_covers_intersection",
                say(
                    "the junctions inside a signalised intersection are controlled too, though the map marks none",
                    "信号控制路口内部的各节点一并受控，尽管地图未在这些节点上标注信号灯",
                ),
                node_refs(unlit),
                f"traffic_light {one.tls_id}",
            )
        )
    if len(one.sites) > 1:
        found.append(
            repair(
                "signals_in_one_junction",
                say("their junctions are one in the road network", "这些信号灯所在的节点在路网中是同一个交叉口"),
                " ".join(site.tls_id for site in one.sites),
                one.tls_id,
            )
        )
    return found
