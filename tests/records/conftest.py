"""One suite for both databases: the stores on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from records.store import Store
from tests.records.builders import Committee, new_committee, sqlite_store


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Empty stores, on each database in turn."""
    if request.param == "sqlite":
        with sqlite_store(tmp_path / "stores") as opened:
            yield opened
        return
    server = request.getfixturevalue("postgres_server")
    opened = Store.open(server.create(), server.create(), create=True)
    yield opened
    opened.close()


@pytest.fixture
def committee(store: Store) -> Committee:
    """A committee with its founder alone."""
    return new_committee(store)


@pytest.fixture
def sqlite_committee(tmp_path: Path) -> Iterator[Committee]:
    """The same on SQLite alone, for what does not depend on the database."""
    with sqlite_store(tmp_path / "stores") as opened:
        yield new_committee(opened)
