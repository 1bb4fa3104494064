"""The table of capabilities (`capabilities.yaml`): the plans' words, what there is, what is lacking, what proves it."""

from __future__ import annotations

from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from networks.errors import BadInput

TABLE = Path(__file__).with_name("capabilities.yaml")


class Capability(BaseModel):
    """One row: words of the plans, and what the twin does about them.

    Attributes:
        words: The plans' own words.
        there: What there is; empty where nothing is built.
        lacks: What of it is not built.
        see: A command, or a file, to look at it by.
        proof: Tests (`tests/...py` or `tests/...py::test_name`) and commands (`twin ...`) that must all pass.
        later: Not asked for yet.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: str
    there: str = ""
    lacks: str = ""
    see: str = ""
    proof: tuple[str, ...] = ()
    later: bool = False

    @model_validator(mode="after")
    def _nothing_is_claimed_without_proof(self) -> Self:
        if self.there and not self.proof:
            raise ValueError("it claims what nothing proves")
        if self.proof and not self.there:
            raise ValueError("it proves what nobody claims")
        if self.later and self.there:
            raise ValueError("it is later, and there")
        strange = [one for one in self.proof if not one.startswith(("tests/", "twin "))]
        if strange:
            raise ValueError(f"no test and no command of the twin: {strange[0]}")
        return self


def capabilities(file: Path = TABLE) -> list[Capability]:
    """Read the table.

    Raises:
        BadInput: It cannot be read; a row claims what nothing proves; two rows have the same words.
    """
    expected = "a list of rows with words, there, see and proof"
    try:
        rows = [Capability.model_validate(row) for row in yaml.safe_load(file.read_text(encoding="utf-8"))]
    except (OSError, yaml.YAMLError, TypeError) as error:
        raise BadInput(str(error), file=file, expected=expected) from error
    except ValidationError as error:
        wrong = error.errors()[0]
        place = str(wrong["input"].get("words", "")) if isinstance(wrong["input"], dict) else str(wrong["loc"])
        raise BadInput(wrong["msg"], file=file, place=place, expected=expected) from error
    words = [row.words for row in rows]
    twice = sorted({word for word in words if words.count(word) > 1})
    if twice:
        raise BadInput("two rows have the same words", file=file, place=twice[0], expected="each once")
    return rows
