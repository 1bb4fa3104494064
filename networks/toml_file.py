"""TOML files that people write."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from networks.errors import BadInput, why_unread


def read_toml(path: Path) -> dict[str, Any]:
    """What a TOML file holds.

    Raises:
        BadInput: It cannot be read, or is no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(why_unread(error), file=path) from error
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"it is no TOML: {error}", file=path) from error
