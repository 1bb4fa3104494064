"""`Written`: a message as bytes; `Writing`: settings that make them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from twin.out.message import OutMessage


@dataclass(frozen=True, slots=True)
class Written:
    """What travels.

    Attributes:
        payload: The bytes.
        content_type: What they are.
        suffix: How names of such files end.
    """

    payload: bytes
    content_type: str
    suffix: str


class Text(BaseModel):
    """A part of receivers.yaml: nothing unknown in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Writing(Protocol):
    """A way to word a message."""

    def written(self, message: OutMessage) -> Written:
        """The message as bytes.

        Raises:
            BadInput: It cannot be said in these words.
        """
