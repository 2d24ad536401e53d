"""Alembic's entry for the content store."""

from __future__ import annotations

from records import tables
from records.migrations.environment import migrate

migrate("content", tables.content)
