"""Secrets stand in environment variables; a feed's file only names them."""

from __future__ import annotations

import os

from networks.errors import BadInput


def from_environment(name: str, field: str) -> str:
    """The value of a variable.

    Args:
        name: Of the variable.
        field: Under `source:` that names it.

    Raises:
        BadInput: It is not set, or nothing names one.
    """
    value = os.environ.get(name, "") if name else ""
    if not value:
        what = f"the environment variable {name} is not set" if name else "it has to name an environment variable"
        raise BadInput(what, place=f"source.{field}", remedy=f"export {name or 'NAME'}=...")
    return value
