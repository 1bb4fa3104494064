"""JT/T 808: what the platform answers, so that terminals go on telling.

Source: JT/T 808-2019, "general answer of the platform" (0x8001) and "answer to a registration" (0x8100), as in `frame`.
"""

from __future__ import annotations

import struct
from dataclasses import replace

from networks.errors import BadInput
from twin.feeds.formats.jtt808.frame import REGISTRATION, frames, read_frame, write_frame

ANSWER, REGISTERED, TOLD_BACK = 0x8001, 0x8100, 0x0001
KEY = b"citytwin"
"""What a registered terminal shows again when it comes back. It protects nothing: terminals are not checked here."""


def answer_to(raw: bytes, serial: int) -> bytes | None:
    """The answer to a frame that is safe now; None where none is due, or nobody can tell to what.

    Args:
        raw: The frame as it came, in clear.
        serial: Number of the answer.
    """
    try:
        frame = read_frame(frames(raw)[0])
    except (BadInput, IndexError):
        return None
    if frame.message == TOLD_BACK:
        return None
    if frame.message == REGISTRATION:
        message, body = REGISTERED, struct.pack(">HB", frame.serial, 0) + KEY
    else:
        message, body = ANSWER, struct.pack(">HHB", frame.serial, frame.message, 0)
    answer = replace(frame, message=message, body=body, serial=serial & 0xFFFF, encrypted=0, part=None)
    return write_frame(answer)
