"""A home founded through the command, and members who act in it each with her own identity and passphrase."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from records import accepting, cases, members, parts, tables
from records.accepting import Acceptance
from records.keyring import Keyring
from records.store import Store
from records.vault.identity import unlock
from tests.cli_runner import Completed, call_conduct
from tests.records.builders import add_mail

PASSPHRASE = "seven quiet herons"
FOUNDER = "Priya Raman <priya@example.org>"
DAY = {"CONDUCT_TODAY": "2026-05-04"}
RECEIVED = datetime(2026, 5, 4, 0, 30, tzinfo=UTC)


@dataclasses.dataclass(frozen=True)
class Person:
    """Somebody with an identity file, at work in a home."""

    name: str
    home: Path
    identity: Path
    passphrase: Path
    env: dict[str, str]

    def conduct(self, *args: object, stdin: str | bytes = b"", **env: str) -> Completed:
        """The command, as she runs it."""
        options = ("--identity", self.identity, "--passphrase-file", self.passphrase)
        return call_conduct(*options, *args, home=self.home, env={**self.env, **env}, stdin=stdin)


def write_secret_line(file: Path, line: str) -> Path:
    """A file for its owner alone with one line in it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(line + "\n")
    file.chmod(0o600)
    return file


def person(folder: Path, name: str = "Priya Raman", **env: str) -> Person:
    """Somebody who has a passphrase and no identity yet; the home is ``folder/home``, on a day of May."""
    own = folder / name.partition(" ")[0].lower()
    passphrase = write_secret_line(own / "passphrase", PASSPHRASE)
    return Person(name, folder / "home", own / "identity.key", passphrase, {**DAY, **env})


def found(folder: Path, *options: object) -> tuple[Person, Completed]:
    """A trial home with its founder, and what ``init`` answered as JSON."""
    founder = person(folder)
    args = ("--address", "conduct@example.org", "--member", FOUNDER, "--trial", "--json", *options)
    return founder, founder.conduct("init", *args).done()


def newcomer(founder: Person, name: str, **env: str) -> tuple[Person, str]:
    """Somebody who made her key in the same home, and her block."""
    here = person(founder.home.parent, name, **{**founder.env, **env})
    address = f"{name.partition(' ')[0].lower()}@example.org"
    answer = here.conduct("member", "key", "--name", name, "--address", address, "--out", here.identity, "--json")
    return here, answer.done().json["block"]


def join(by: Person, name: str, *options: object) -> Person:
    """A member added by another."""
    here, block = newcomer(by, name)
    by.conduct("member", "add", "-", *options, stdin=block).done()
    return here


@contextmanager
def opened(home: Path) -> Iterator[Store]:
    """The stores of a home, past the command."""
    store = Store.open(f"sqlite:///{home}/content.db", f"sqlite:///{home}/keys.db")
    yield store
    store.close()


def listed(who: Person) -> list[dict[str, Any]]:
    """The roster as ``member list`` gives it."""
    members: list[dict[str, Any]] = who.conduct("member", "list", "--json").done().json["members"]
    return members


def keyring_of(who: Person, store: Store) -> Keyring:
    """Her keyring, unlocked."""
    identity = unlock(who.identity.read_bytes(), PASSPHRASE)
    with store.reading() as transaction:
        return Keyring(members.by_key(transaction, identity.public).member.id, identity)


def record(who: Person, received: datetime = RECEIVED) -> str:
    """A record that she accepted from a mail, made past the mailbox; its code name."""
    with opened(who.home) as store:
        acting = keyring_of(who, store)
        with store.writing() as transaction:
            case = cases.new_draft(transaction, received)
            add_mail(transaction, received, case=case.id)
            accepting.accept(transaction, acting, case, Acceptance(), received)
        return case.code_name


def opens(who: Person, case: str) -> tuple[bool, bool]:
    """Whether she can open the record, and the mail that it came from."""
    with opened(who.home) as store:
        acting = keyring_of(who, store)
        with store.reading() as transaction:
            named = cases.find(transaction, case)
            row = transaction.content.execute(
                sa.select(tables.case_mail.c.message).where(tables.case_mail.c.case == named.id)
            ).scalar_one()
            record = acting.key_or_none(transaction, parts.account_object(named.id)) is not None
            return record, acting.key_or_none(transaction, f"message:{row}") is not None


def acts(who: Person) -> list[str]:
    """The acts of the audit chain, in order."""
    return [entry["act"] for entry in who.conduct("audit", "list", "--json").done().json["entries"]]
