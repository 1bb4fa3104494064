"""The one list of tables that a desk's database has, and its version."""

from __future__ import annotations

from sqlalchemy import MetaData

SCHEMA = "3"

metadata = MetaData()
