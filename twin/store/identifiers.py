"""What identifies a person, as text shows it: patterns that are searched in linear time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HEX = "[0-9A-Fa-f]{2}"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼港澳"
_EU = (
    r"[A-Z]{3}-\d{3}",  # Finland, Sweden
    r"[A-Z]{2}-\d{3}-[A-Z]{2}",  # France, Italy
    r"[A-ZÄÖÜ]{1,3}-[A-Z]{1,2} \d{1,4}[EH]?",  # Germany
    r"[A-Z]{2}\d{2} [A-Z]{3}",  # United Kingdom
    r"\d{4} [B-DF-HJ-NP-TV-Z]{3}",  # Spain
)
EU_PLATE = re.compile("|".join(_EU))
_FIELDS = (
    "plate|plate_?(?:no|nr|number)|licen[cs]e_?plate|number_?plate|vehicle_?registration(?:_?number)?|vin|imei|imsi|"
    "iccid|msisdn|phone|phone_?(?:no|number)|mobile|telephone|e_?mail|mac|mac_?address|driver|driver_?(?:name|id|ref)|"
    "passenger_?name|id_?card|hphm|sjhm|车牌|车牌号|车牌号码|号牌号码|手机|手机号|电话|身份证号?|驾驶员"
)
_PATTERNS = {
    "plate (CN)": re.compile(f"[{_PROVINCES}][A-HJ-Z][·•. ]?[A-HJ-NP-Z0-9]{{5,6}}(?![A-Za-z0-9])"),
    "plate (EU)": re.compile(f'(?<=[">,;=])(?:{EU_PLATE.pattern})(?=["<,;\\r\\n])'),
    "e-mail": re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}\.[A-Za-z][A-Za-z.]{1,30}"),
    "MAC": re.compile(rf"(?<![:-])\b{_HEX}([:-]){_HEX}(?:\1{_HEX}){{4}}\b(?![:-])"),
    "IMEI": re.compile(r"(?<![\w.])\d{15}(?![\w.])"),
    "phone": re.compile(r"(?<![\w.+-])(?:1[3-9]\d{9}|\+\d{1,3}[ -]?\d(?:[ -]?\d){6,11})(?![\w.])"),
    "name of a field": re.compile(f'(?i)(?<=["<:,;&?])(?:{_FIELDS})(?=["=>,;:])(?!"?\\s*:\\s*(?:null|""))'),
}
PSEUDONYM = re.compile(r"[0-9a-f]{16}")
"""What `twin.feeds.pseudonyms` makes."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something that looks like an identifier.

    Attributes:
        sort: "plate (CN)", "phone", "name of a field", ...
        value: The text.
        at: Where in the searched text it begins.
    """

    sort: str
    value: str
    at: int

    @property
    def hinted(self) -> str:
        """The value so that its owner knows it and others do not; names of fields in full."""
        return self.value if self.sort == "name of a field" else f"{self.value[:2]}… ({len(self.value)} characters)"


def identifiers(text: str) -> Iterator[Found]:
    """All that look like identifiers of persons in a text."""
    for sort, pattern in _PATTERNS.items():
        for match in pattern.finditer(text):
            if sort != "IMEI" or _luhn(match.group()):
                yield Found(sort, match.group(), match.start())


def _luhn(digits: str) -> bool:
    """The check digit of IMEI and cards (ISO/IEC 7812-1)."""
    doubled = [int(one) * (2 if place % 2 else 1) for place, one in enumerate(reversed(digits))]
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0 and len(set(digits)) > 2
