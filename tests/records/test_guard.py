"""One poller per mailbox where several hosts share a PostgreSQL store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from policies.errors import LockedElsewhere
from records.guard import only_poller
from records.store import Store


@pytest.fixture
def shared(postgres_url: str) -> Iterator[Store]:
    store = Store.open(postgres_url, postgres_url, create=True)
    yield store
    store.close()


def test_second_host_is_told_who_reads_the_mailbox(shared: Store, postgres_url: str) -> None:
    other = Store.open(postgres_url, postgres_url)
    with (
        only_poller(shared, "conduct@one"),
        pytest.raises(LockedElsewhere, match="server process"),
        only_poller(other, "conduct@one"),
    ):
        pytest.fail("both hold it")
    other.close()


def test_another_mailbox_is_free_and_the_same_one_again_afterwards(shared: Store, postgres_url: str) -> None:
    other = Store.open(postgres_url, postgres_url)
    with only_poller(shared, "conduct@one"), only_poller(other, "conduct@two"):
        pass

    with only_poller(other, "conduct@one"):
        pass
    other.close()


def test_sqlite_leaves_it_to_the_file_lock(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/content.db", f"sqlite:///{tmp_path}/keys.db", create=True)

    with only_poller(store, "conduct@one"), only_poller(store, "conduct@one"):
        pass
    store.close()
