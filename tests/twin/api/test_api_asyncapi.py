"""The description of events and topics: real messages fit it, and its addresses are those that are served."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from served import NOW, filled_desk

from twin.desk.audit import entry_json
from twin.out import OutMessage
from twin.out.message import KINDS
from twin.out.ways.mqtt import MqttWay
from twin.out.words.order import ANSWERED, order_of

DOCS = Path(__file__).parents[3] / "docs"


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DOCS / "asyncapi.yaml").read_text(encoding="utf-8"))
    return found


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from ([node["$ref"]] if "$ref" in node else [])
        for one in node.values():
            yield from references(one)
    elif isinstance(node, list):
        for one in node:
            yield from references(one)


def test_it_holds_together(told: dict[str, Any]) -> None:
    assert told["asyncapi"] == "3.0.0" and {"info", "channels", "operations"} <= set(told)
    for reference in references(told):
        found: Any = told
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
    assert {one["action"] for one in told["operations"].values()} == {"send", "receive"}
    for message in told["components"]["messages"].values():
        jsonschema.Draft7Validator.check_schema(message["payload"])


def test_its_addresses_are_those_that_are_served(told: dict[str, Any]) -> None:
    described = json.loads((DOCS / "openapi.json").read_text(encoding="utf-8"))["paths"]
    for name in ("state", "audit"):
        answer = described[told["channels"][name]["address"]]["get"]["responses"]["200"]
        assert "text/event-stream" in answer["content"]
    prefix = MqttWay.model_fields["prefix"].default
    assert told["channels"]["orders"]["address"] == f"{prefix}/orders/{{receiver}}"
    assert told["channels"]["acknowledgements"]["address"] == f"{prefix}/acks/{{receiver}}"


def test_real_messages_fit(told: dict[str, Any], tmp_path: Path) -> None:
    schemas = {name: one["payload"] for name, one in told["components"]["messages"].items()}
    desk = filled_desk(tmp_path)
    for entry in desk.audit():
        jsonschema.validate(json.loads(json.dumps(entry_json(entry))), schemas["entry"])
    desk.close()
    order = OutMessage("k", "signals", "signal_plan", {"x": 1}, "r1", "decision:r1", NOW)
    jsonschema.validate(order_of(order), schemas["order"])
    assert schemas["order"]["properties"]["kind"]["enum"] == list(KINDS)
    assert schemas["answer"]["properties"]["state"]["enum"] == list(ANSWERED)
