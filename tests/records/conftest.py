"""One suite for both databases: the stores on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from records import tables
from records.store import Store
from tests.records.builders import Committee, new_committee, sqlite_store
from tests.servers.postgres import Postgres


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Empty stores, on each database in turn."""
    if request.param == "sqlite":
        with sqlite_store(tmp_path / "stores") as opened:
            yield opened
        return
    opened = Store.open(*request.getfixturevalue("emptied_postgres_urls"), create=True)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def _postgres_urls(postgres_server: Postgres) -> tuple[str, str]:
    return postgres_server.create(), postgres_server.create()


@pytest.fixture
def emptied_postgres_urls(_postgres_urls: tuple[str, str]) -> tuple[str, str]:
    """Where content and keys lie on PostgreSQL: the same for every test, since tables cost time, and emptied."""
    for url, metadata in zip(_postgres_urls, (tables.content, tables.keys), strict=True):
        engine = sa.create_engine(url)
        with engine.begin() as connection:
            known = set(sa.inspect(connection).get_table_names())
            for table in metadata.sorted_tables:
                if table.name in known:
                    connection.execute(sa.delete(table))
        engine.dispose()
    return _postgres_urls


@pytest.fixture
def committee(store: Store) -> Committee:
    """A committee with its founder alone."""
    return new_committee(store)


@pytest.fixture
def sqlite_committee(tmp_path: Path) -> Iterator[Committee]:
    """The same on SQLite alone, for what does not depend on the database."""
    with sqlite_store(tmp_path / "stores") as opened:
        yield new_committee(opened)
