"""Alembic's entry for the keys store."""

from __future__ import annotations

from records import tables
from records.migrations.environment import migrate

migrate("keys", tables.keys)
