"""The kinds of columns that the tables are made of."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """Aware instants in UTC; SQLite would give naive ones back."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ANN401, ARG002
        """Refuse naive instants; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "an instant without a zone"
            raise ValueError(msg)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ANN401, ARG002
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def identifier(name: str = "id", **options: Any) -> sa.Column[str]:  # noqa: ANN401
    """A short name of ours: random, a code name or a fixed word."""
    return sa.Column(name, sa.String(80), **options)


def tag(name: str, **options: Any) -> sa.Column[bytes]:  # noqa: ANN401
    """A keyed digest."""
    return sa.Column(name, sa.LargeBinary(32), **options)
