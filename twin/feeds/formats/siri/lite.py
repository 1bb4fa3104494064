"""SIRI lite: the same names as JSON; turned into elements, so that one reader reads both."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, SubElement

from networks.errors import BadInput
from twin.feeds.formats.json_in import json_in


def element_in(data: bytes, topic: str, most_elements: int) -> Element:
    """The root of a message in JSON: objects are elements, lists are elements that repeat.

    `{"value": ..., "lang": ...}`, as lite services write texts, is an element with its text.

    Raises:
        BadInput: It is no JSON, or none of SIRI.
    """
    document = json_in(data, longest_bytes=len(data), deepest=64)
    if not isinstance(document, dict) or not (
        "Siri" in document or any(name.endswith("Delivery") for name in document)
    ):
        raise BadInput("it holds nothing of SIRI", file=topic, expected='{"Siri": {"ServiceDelivery": {...}}}')
    root, left = Element("Siri"), [most_elements]
    inner = document.get("Siri", document)
    _fill(root, inner if isinstance(inner, dict) else document, left, topic)
    return root


def _fill(element: Element, told: Any, left: list[int], topic: str) -> None:
    left[0] -= 1
    if left[0] < 0:
        raise BadInput("it has too many parts", file=topic, expected="a smaller message")
    if isinstance(told, dict):
        if "value" in told and not isinstance(told["value"], dict | list):
            element.text = _text(told["value"])
            if isinstance(told.get("lang"), str):
                element.set("lang", told["lang"])
            return
        for name, value in told.items():
            for one in value if isinstance(value, list) else [value]:
                if one is not None:
                    _fill(SubElement(element, name), one, left, topic)
    elif not isinstance(told, list):
        element.text = _text(told)


def _text(told: Any) -> str:
    if isinstance(told, bool):
        return "true" if told else "false"
    return "" if told is None else str(told)
