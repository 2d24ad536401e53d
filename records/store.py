"""Opening, migrating, locking and wiping the two stores; the one place that knows SQLite from PostgreSQL.

``content`` keeps what is sealed, ``keys`` keeps the grants that open it.  They are two files, so that destroyed keys
leave the disk: the keys store uses a rollback journal that is truncated, overwrites what it deletes and is vacuumed
after an expunge, while the content store may use a write-ahead log (SQLite manual, "PRAGMA secure_delete").
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from policies.errors import ConductError, LockedElsewhere, Unavailable, WrongUsage
from records import tables

HEADS: Final = {"content": "0002", "keys": "0001"}
# What this version can bring up to date.
EARLIER: Final[dict[str, tuple[str, ...]]] = {"content": ("0001",), "keys": ("0001",)}
_BUSY_MILLISECONDS: Final = 20_000
_PRAGMAS: Final = {
    "content": ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"),
    "keys": ("journal_mode=TRUNCATE", "synchronous=EXTRA", "secure_delete=ON"),
}


@dataclasses.dataclass(slots=True)
class Transaction:
    """Both stores open for one act; ``anchor`` is the audit's new signed end, written once the act is committed.

    ``salts`` are those of threads that were asked for in this act.
    """

    content: Connection
    keys: Connection
    anchor: dict[str, Any] | None = None
    salts: dict[str, bytes] = dataclasses.field(default_factory=dict)


def once(transaction: Transaction, table: sa.Table) -> sa.Insert:
    """An insert into a table of the content store that changes nothing where the key is there already."""
    return _insert_once(transaction.content.dialect.name, table)


@functools.cache
def _insert_once(dialect: str, table: sa.Table) -> sa.Insert:
    # Only the one in use is read: PostgreSQL's takes a tenth of the time in which a draft is checked.
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite  # noqa: PLC0415

        return sqlite.insert(table).on_conflict_do_nothing()
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415

    return postgresql.insert(table).on_conflict_do_nothing()


class Store:
    """The content store and the keys store, opened together."""

    def __init__(self, content: Engine, keys: Engine) -> None:
        self._content = content
        self._keys = keys

    @classmethod
    def open(cls, content_url: str, keys_url: str, *, create: bool = False) -> Store:
        """Open both stores and bring them to this version.

        URLs as SQLAlchemy reads them; PostgreSQL is written ``postgresql+psycopg://``.  ``create`` makes the SQLite
        files; without it a missing one is an error, so that a mistyped path never looks like an empty committee.

        Raises Unavailable: missing, corrupt, newer than this program, or out of reach.
        """
        engines = {"content": _engine(content_url, "content"), "keys": _engine(keys_url, "keys")}
        for name, engine in engines.items():
            _refuse_missing_file(engine, name, create=create)
            with told(f"opening the {name} store"):
                _bring_up_to_date(engine, name)
        return cls(engines["content"], engines["keys"])

    @property
    def is_sqlite(self) -> bool:
        """Whether destroyed bytes can be overwritten here; PostgreSQL keeps them until its log has turned over."""
        return self._keys.dialect.name == "sqlite"

    @property
    def content_engine(self) -> Engine:
        """The engine of the content store, for locks that PostgreSQL keeps."""
        return self._content

    @contextlib.contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Both stores for looking only; whatever is written is rolled back."""
        with told("reading the stores"), self._content.connect() as content, self._keys.connect() as keys:
            _begin(content)
            _begin(keys)
            yield Transaction(content, keys)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Transaction]:
        """Both stores for one act, all or nothing.

        The writer's lock is taken first.  Keys are committed before content: a key without its object opens
        nothing, an object without its key is a loss.  For destruction that order is right as well: once the keys
        are gone the rest is noise, and the act can be carried out again.
        """
        with told("writing the stores"), self._immediate(self._content) as content, self._immediate(self._keys) as keys:
            transaction = Transaction(content, keys)
            yield transaction
            keys.commit()
            content.commit()
            if transaction.anchor is not None:
                _begin(keys, immediate=True)
                _write_anchor(keys, transaction.anchor)
                keys.commit()

    @contextlib.contextmanager
    def _immediate(self, engine: Engine) -> Iterator[Connection]:
        with engine.connect() as connection:
            _begin(connection, immediate=True)  # now, not at the first statement: both locks, in the same order
            yield connection

    def wipe_freed_space(self) -> list[str]:
        """Make deleted bytes leave the disk; returns what could not be reached, as sentences.

        SQLite: the keys are vacuumed, the write-ahead log is emptied into the content store and truncated.
        Every reader that is still looking blocks the truncation; it is waited for, then named.
        """
        if not self.is_sqlite:
            return _vacuum_postgresql((self._content, self._keys))
        residue = []
        with told("wiping freed space"):
            with self._keys.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM")
            with self._content.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar()
                if busy:
                    residue.append(
                        "The content store's log could not be emptied while another command reads; "
                        "run `conduct retain apply` again."
                    )
        return residue

    def check(self) -> list[str]:
        """What SQLite's own integrity check finds in either store; empty when sound."""
        found = []
        for name, engine in (("content", self._content), ("keys", self._keys)):
            if engine.dialect.name != "sqlite":
                continue
            with told(f"checking the {name} store"), engine.connect() as connection:
                answer = str(connection.exec_driver_sql("PRAGMA quick_check").scalar())
            if answer != "ok":
                found.append(f"The {name} store is damaged; restore it from its backup.")
        return found

    def close(self) -> None:
        """Let go of every connection."""
        self._content.dispose()
        self._keys.dispose()


def _engine(url: str, name: str) -> Engine:
    try:
        engine = sa.create_engine(url, hide_parameters=True)
    except (sa.exc.ArgumentError, ImportError):
        raise WrongUsage(
            "bad-store-url",
            f"The address of the {name} store is none that this program can use.",
            "SQLite: sqlite:////path; PostgreSQL: postgresql+psycopg://host/name, installed with conduct[postgres].",
        ) from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_connect(name))
    return engine


def _on_connect(name: str) -> Any:  # noqa: ANN401  SQLAlchemy's listener type
    def prepare(connection: Any, _record: object) -> None:  # noqa: ANN401
        connection.isolation_level = None  # transactions are begun below, not by sqlite3
        connection.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")
        for pragma in _PRAGMAS[name]:
            connection.execute(f"PRAGMA {pragma}")

    return prepare


def _begin(connection: Connection, *, immediate: bool = False) -> None:
    """Begin a transaction; ``immediate`` takes the writer's lock at once.

    Not by a listener of SQLAlchemy's: with one, each statement of the engine takes a tenth longer.
    """
    connection.begin()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _refuse_missing_file(engine: Engine, name: str, *, create: bool) -> None:
    path = engine.url.database
    if create or engine.dialect.name != "sqlite" or path is None or Path(path).exists():
        return
    raise Unavailable(
        "no-store",
        f"There is no {name} store in this home.",
        "Name the right home with --home, or found a committee with `conduct init`.",
    )


def _bring_up_to_date(engine: Engine, name: str) -> None:
    with engine.connect() as connection:
        found = _revision(connection, name)
    if found == HEADS[name]:
        return
    if found is not None and found not in EARLIER[name]:
        raise Unavailable(
            "newer-store",
            f"The {name} store was written by a newer version of this program.",
            "Install that version; nothing was changed.",
        )
    _migrate(engine, name)


def _revision(connection: Connection, name: str) -> str | None:
    version_table = f"alembic_version_{name}"
    if not sa.inspect(connection).has_table(version_table):
        return None
    return connection.execute(sa.text(f"SELECT version_num FROM {version_table}")).scalar()  # noqa: S608  fixed names


def _migrate(engine: Engine, name: str) -> None:
    # Only a store that needs it pays for importing alembic.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations" / name))
    with engine.connect() as connection:
        _begin(connection, immediate=True)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def _write_anchor(keys: Connection, anchor: dict[str, Any]) -> None:
    # An anchor of a longer chain stays: another process may have been quicker, or a tail was cut and must be noticed.
    here = tables.anchor.c.name == anchor["name"]
    keys.execute(sa.delete(tables.anchor).where(here, tables.anchor.c.count <= anchor["count"]))
    if keys.execute(sa.select(tables.anchor.c.name).where(here)).first() is None:
        keys.execute(sa.insert(tables.anchor).values(**anchor))


def _vacuum_postgresql(engines: tuple[Engine, ...]) -> list[str]:
    with told("wiping freed space"):
        for engine in engines:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                for table in ("grants", "wrapped", "blobs", "drafts", "parts", "overrides"):
                    if sa.inspect(connection).has_table(table):
                        connection.exec_driver_sql(f"VACUUM FULL {table}")
    return ["PostgreSQL keeps destroyed rows in its write-ahead log and archives until these have turned over."]


@contextlib.contextmanager
def told(doing: str) -> Iterator[None]:
    """Turn what the database says into an error of ours; its own text may quote values and is dropped."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        raise _translate(error, doing) from None


def _translate(error: sa.exc.DBAPIError, doing: str) -> ConductError:
    text = str(error.orig).lower()
    if "locked" in text or "busy" in text:
        return LockedElsewhere(
            "store-busy", f"Another command holds the store: {doing} did not get through.", "Wait for it and try again."
        )
    if "disk is full" in text or "no space" in text or "disk full" in text:
        return Unavailable(
            "disk-full", f"The disk is full: {doing} was undone.", "Make room and run the command again."
        )
    if "malformed" in text or "not a database" in text or "corrupt" in text:
        return Unavailable(
            "corrupt-store",
            f"The store is damaged: {doing} failed.",
            "Restore it from its backup; `conduct doctor` says more.",
        )
    if "readonly" in text or "unable to open" in text or "permission" in text:
        return Unavailable(
            "store-not-writable",
            f"The store cannot be written here: {doing} failed.",
            "Check owner, group and modes of the home; `conduct doctor` names them.",
        )
    return Unavailable("store-failed", f"The store did not answer: {doing} failed.", "`conduct doctor` says more.")
