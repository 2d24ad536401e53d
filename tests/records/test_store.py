"""The two stores: opened, migrated, written whole or not at all, shared, damaged, wiped."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from policies.errors import ConductError, LockedElsewhere, Unavailable, WrongUsage
from records import audit, keyring, members, tables
from records import store as store_module
from records.store import Store
from records.vault import seal
from tests.records.builders import Committee, new_committee, sqlite_store


def _urls(folder: Path) -> tuple[str, str]:
    return f"sqlite:///{folder}/content.db", f"sqlite:///{folder}/keys.db"


def _opening(folder: Path) -> ConductError:
    with pytest.raises(ConductError) as caught:
        Store.open(*_urls(folder))
    return caught.value


def _count(store: Store) -> tuple[int, int]:
    with store.reading() as transaction:
        grants = transaction.keys.execute(sa.select(sa.func.count()).select_from(tables.grants)).scalar_one()
        entries = audit.end(transaction).count
    return grants, entries


# ------------------------------------------------------------ made and migrated


@pytest.mark.parametrize("name", ["content", "keys"])
def test_migrations_make_exactly_the_tables(store: Store, name: str) -> None:
    metadata = tables.content if name == "content" else tables.keys
    with store.reading() as transaction:
        connection = transaction.content if name == "content" else transaction.keys
        version_table = f"alembic_version_{name}"
        options = {"version_table": version_table, "include_name": lambda table, kind, _: table != version_table}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)

    assert differences == []


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    with sqlite_store(tmp_path) as store:
        new_committee(store)
    before = (tmp_path / "keys.db").read_bytes()

    again = Store.open(*_urls(tmp_path))
    with again.reading() as transaction:
        assert len(members.present(transaction)) == 1
    again.close()

    assert (tmp_path / "keys.db").read_bytes() == before


def test_instants_keep_their_zone_and_microseconds(committee: Committee) -> None:
    at = datetime(2026, 2, 28, 23, 59, 59, 999_999, tzinfo=UTC)

    case = committee.draft(at)

    assert case.received == at
    with committee.store.writing() as transaction, pytest.raises(sa.exc.StatementError):
        transaction.content.execute(sa.update(tables.cases).values(received=at.replace(tzinfo=None)))


# ------------------------------------------------------------ cannot be opened


def test_missing_store_is_not_made_by_mistake(tmp_path: Path) -> None:
    assert _opening(tmp_path).code == "no-store"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["content", "keys"])
@pytest.mark.parametrize("damage", ["text", "header", "middle"])
def test_damaged_store_is_unavailable(tmp_path: Path, name: str, damage: str) -> None:
    with sqlite_store(tmp_path) as store:
        new_committee(store)
    file = tmp_path / f"{name}.db"
    whole = file.read_bytes()
    junk = whole[:100] + b"\xff" * 8000
    spoilt = {"text": b"not a database " * 400, "header": b"x" * 64 + whole[64:], "middle": junk}
    file.write_bytes(spoilt[damage])

    with pytest.raises(Unavailable) as caught:
        _open_and_look(tmp_path)
    assert "backup" in caught.value.hint


def _open_and_look(folder: Path) -> None:
    opened = Store.open(*_urls(folder))
    with opened.reading() as transaction:
        audit.entries(transaction)
        transaction.keys.execute(sa.select(tables.grants)).all()


def test_check_finds_damage_that_opening_does_not(tmp_path: Path) -> None:
    with sqlite_store(tmp_path) as store:
        committee = new_committee(store)
        for _ in range(3):
            committee.draft()
        assert store.check() == []
    file = tmp_path / "content.db"
    whole = bytearray(file.read_bytes())
    whole[-8192:] = b"\xff" * 8192
    file.write_bytes(whole)

    store = Store.open(*_urls(tmp_path))
    try:
        found = store.check()
    except Unavailable as error:
        found = [error.sentence]
    finally:
        store.close()

    assert len(found) == 1


@pytest.mark.parametrize("name", ["content", "keys"])
@pytest.mark.parametrize("version", ["0009", "ffff", "0000", ""])
def test_store_of_another_version_is_left_alone(tmp_path: Path, name: str, version: str) -> None:
    with sqlite_store(tmp_path) as store, store.writing() as transaction:
        connection = transaction.content if name == "content" else transaction.keys
        versions = sa.table(f"alembic_version_{name}", sa.column("version_num"))
        connection.execute(sa.update(versions).values(version_num=version))

    error = _opening(tmp_path)

    assert (error.code, error.exit_status) == ("newer-store", 4)


def test_store_of_the_first_version_is_brought_up_to_date_with_all_that_it_holds(tmp_path: Path) -> None:
    for name in ("content", "keys"):
        config = Config()
        config.set_main_option("script_location", str(Path(store_module.__file__).parent / "migrations" / name))
        with sa.create_engine(f"sqlite:///{tmp_path}/{name}.db").begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "0001")
            if name == "content":
                connection.execute(sa.text("INSERT INTO meta (name, value) VALUES ('mark', 'kept')"))

    store = Store.open(*_urls(tmp_path))
    with store.reading() as transaction:
        found = set(sa.inspect(transaction.content).get_table_names())
        assert {table.name for table in tables.content.sorted_tables} <= found
        assert transaction.content.execute(sa.select(tables.meta.c.value)).scalar_one() == "kept"
    store.close()


@pytest.mark.parametrize("url", ["nonsense", "mysterydb://host/name", "oracle://host/x", "sqlite:////a\0b"])
def test_address_of_no_store_is_wrong_usage_and_not_repeated(url: str) -> None:
    with pytest.raises(ConductError) as caught:
        Store.open(url, url)

    assert caught.value.exit_status in {2, 4}
    assert url not in str(caught.value)


def test_nonsense_address_is_wrong_usage() -> None:
    with pytest.raises(WrongUsage):
        Store.open("mysterydb://user:secret@host/name", "sqlite://")


@pytest.mark.postgres
def test_postgresql_out_of_reach_is_unavailable() -> None:
    url = "postgresql+psycopg://user:secret@127.0.0.1:9/none"
    with pytest.raises(Unavailable) as caught:
        Store.open(url, url)

    assert "secret" not in str(caught.value)


# ------------------------------------------------------------ written whole or not at all


def test_what_is_raised_inside_undoes_both_stores(committee: Committee) -> None:
    before = _count(committee.store)

    with pytest.raises(RuntimeError):
        _fail_half_way(committee)

    assert _count(committee.store) == before


def _fail_half_way(committee: Committee) -> None:
    with committee.store.writing() as transaction:
        keyring.grant(transaction, "message:m1", seal.new_key(), keyring.readers_with_keys(transaction, []))
        audit.append(transaction, committee.founder, committee.now(), "draft", "amber kettle")
        raise RuntimeError


def test_reading_writes_nothing(committee: Committee) -> None:
    before = _count(committee.store)

    with committee.store.reading() as transaction:
        audit.append(transaction, committee.founder, committee.now(), "draft", "amber kettle")

    assert _count(committee.store) == before


def test_anchor_follows_the_chain(committee: Committee) -> None:
    committee.draft()

    with committee.store.reading() as transaction:
        anchor = transaction.keys.execute(sa.select(tables.anchor)).one()
        end = audit.end(transaction)
    assert (anchor._mapping["count"], anchor.head) == (end.count, end.head)


def _killed_while_writing(folder: Path) -> None:
    store = Store.open(*_urls(folder))
    with store.writing() as transaction:
        values = {"object": "message:m1", "reader": "recovery", "sealed": b"x" * 100}
        transaction.keys.execute(sa.insert(tables.grants).values(**values))
        transaction.content.execute(sa.delete(tables.members))
        os.kill(os.getpid(), signal.SIGKILL)


def test_process_killed_in_the_middle_leaves_the_stores_as_they_were(tmp_path: Path) -> None:
    with sqlite_store(tmp_path) as store:
        new_committee(store)
        before = _count(store)
    process = multiprocessing.get_context("fork").Process(target=_killed_while_writing, args=(tmp_path,))
    process.start()
    process.join()

    store = Store.open(*_urls(tmp_path))
    assert process.exitcode == -signal.SIGKILL
    assert _count(store) == before
    store.close()


def test_two_processes_write_one_after_the_other(tmp_path: Path) -> None:
    with sqlite_store(tmp_path) as store:
        committee = new_committee(store)
        context = multiprocessing.get_context("fork")
        processes = [context.Process(target=_many_drafts, args=(tmp_path, committee)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

    store = Store.open(*_urls(tmp_path))
    with store.reading() as transaction:
        found = audit.verify(transaction, members.signing_keys(transaction))
        count = audit.end(transaction).count
    store.close()
    assert (found, count) == ([], 21)


def _many_drafts(folder: Path, committee: Committee) -> None:
    store = Store.open(*_urls(folder))
    for _ in range(10):
        with store.writing() as transaction:
            audit.append(transaction, committee.founder, committee.at, "draft", "amber kettle")
    store.close()


def test_store_that_another_writer_holds_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("records.store._BUSY_MILLISECONDS", 100)
    with sqlite_store(tmp_path) as one:
        new_committee(one)
        other = Store.open(*_urls(tmp_path))
        with one.writing(), pytest.raises(LockedElsewhere), other.writing():
            pass
        other.close()


def test_readers_see_the_store_while_another_writes_it(tmp_path: Path) -> None:
    with sqlite_store(tmp_path) as one:
        new_committee(one)
        other = Store.open(*_urls(tmp_path))
        with one.writing() as writing, other.reading() as reading:
            writing.content.execute(sa.delete(tables.members))
            assert len(members.load(reading)) == 1
            writing.content.rollback()
        other.close()


def _fill(folder: Path, limit: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    store = Store.open(*_urls(folder))
    try:
        with store.writing() as transaction:
            for number in range(200):
                values = {"object": f"part:{number}", "sealed": os.urandom(100_000)}
                transaction.content.execute(sa.insert(tables.parts).values(**values))
    except Unavailable:
        os._exit(4)
    os._exit(0)


def test_file_that_cannot_grow_undoes_the_act(tmp_path: Path) -> None:
    """As close to a full disk as a test gets without one."""
    with sqlite_store(tmp_path) as store:
        new_committee(store)
        before = _count(store)
    process = multiprocessing.get_context("fork").Process(target=_fill, args=(tmp_path, 2_000_000))
    process.start()
    process.join()

    store = Store.open(*_urls(tmp_path))
    assert process.exitcode == 4
    assert _count(store) == before
    assert store.check() == []
    store.close()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("database is locked", "store-busy"),
        ("database or disk is full", "disk-full"),
        ("file is not a database", "corrupt-store"),
        ("attempt to write a readonly database", "store-not-writable"),
        ("something else entirely", "store-failed"),
    ],
)
def test_errors_of_the_database_become_ours_without_its_words(committee: Committee, said: str, code: str) -> None:
    with pytest.raises(ConductError) as caught, committee.store.reading():
        raise sa.exc.OperationalError("SELECT secret", {"name": "secret"}, Exception(said))

    assert caught.value.code == code
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None


# ------------------------------------------------------------ forgetting


def _bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_destroyed_keys_and_content_leave_the_disk(tmp_path: Path) -> None:
    with sqlite_store(tmp_path) as store:
        new_committee(store)
        markers = [os.urandom(24) for _ in range(40)]
        with store.writing() as transaction:
            for number, marker in enumerate(markers):
                grant = {"object": f"message:m{number}", "reader": "recovery", "sealed": b"grant" + marker}
                part = {"object": f"part:{number}", "sealed": b"part" + marker}
                transaction.keys.execute(sa.insert(tables.grants).values(**grant))
                transaction.content.execute(sa.insert(tables.parts).values(**part))
        assert all(b"grant" + marker in _bytes_of(tmp_path) for marker in markers)
        with store.writing() as transaction:
            keyring.destroy(transaction, [f"message:m{number}" for number in range(40)])
            transaction.content.execute(sa.delete(tables.parts))

        residue = store.wipe_freed_space()

        left = _bytes_of(tmp_path)
        assert residue == []
        assert [marker for marker in markers if marker in left] == []


def test_reader_that_blocks_the_wiping_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("records.store._BUSY_MILLISECONDS", 100)
    with sqlite_store(tmp_path) as store:
        committee = new_committee(store)
        other = Store.open(*_urls(tmp_path))
        with other.reading() as looking:
            looking.content.execute(sa.select(tables.members)).all()
            committee.draft()
            residue = store.wipe_freed_space()
        other.close()

        assert len(residue) == 1
        assert store.wipe_freed_space() == []


@pytest.mark.postgres
def test_postgresql_says_what_it_cannot_forget(postgres_url: str, postgres_server: object) -> None:
    store = Store.open(postgres_url, postgres_server.create(), create=True)  # type: ignore[attr-defined]
    new_committee(store)

    assert ["log" in sentence for sentence in store.wipe_freed_space()] == [True]
    store.close()


# ------------------------------------------------------------ modes


def test_companion_files_are_as_closed_as_the_store(tmp_path: Path) -> None:
    for name in ("content.db", "keys.db"):
        (tmp_path / name).touch(mode=0o600)
    os.umask(0o022)
    with sqlite_store(tmp_path) as store:
        new_committee(store)
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}

    assert {"content.db-wal", "content.db-shm"} <= set(modes)
    assert set(modes.values()) == {0o600}


def test_nothing_of_sqlite_is_left_beside_a_closed_store(tmp_path: Path) -> None:
    with sqlite_store(tmp_path) as store:
        new_committee(store)

    left = {path.name for path in tmp_path.iterdir()} - {"content.db", "keys.db"}
    assert left <= {"keys.db-journal"}
    assert all((tmp_path / name).stat().st_size == 0 for name in left)
