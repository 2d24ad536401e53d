"""``conduct member recover``: the last resort, and that it stays one."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import sqlalchemy as sa

from records import tables
from tests.ingest.cli.homes import Person, acts, found, join, opened, opens, record, write_secret_line


@pytest.fixture
def founder(tmp_path: Path) -> Person:
    """The founder of a trial home, alone in it."""
    return found(tmp_path, "--recovery-out", tmp_path / "recovery")[0]


def _recovery(founder: Person) -> Path:
    return founder.home.parent / "recovery"


def test_recovery_grants_what_nobody_else_can(founder: Person) -> None:
    case = record(founder)
    quinn = join(founder, "Quinn Abara")
    with opened(founder.home) as store, store.writing() as transaction:
        transaction.keys.execute(sa.delete(tables.grants).where(tables.grants.c.reader != "recovery"))

    answer = founder.conduct("member", "recover", "--recovery", _recovery(founder), "--for", "Quinn Abara", "--json")

    assert answer.done().json["granted"] == 3
    assert opens(quinn, case) == (True, True)
    assert acts(founder)[-1] == "recover"
    founder.conduct("audit", "verify").done()


def test_lone_founder_who_forgot_her_passphrase_comes_back(founder: Person, tmp_path: Path) -> None:
    case = record(founder)
    again = dataclasses.replace(founder, identity=tmp_path / "again" / "identity.key")
    options = ("--name", "Priya Raman", "--address", "priya@example.org", "--out", again.identity)
    block = tmp_path / "block"
    block.write_text(again.conduct("member", "key", *options).done().out)

    replacing = ("--replace", "Priya Raman", "--block", block, "--json")
    answer = again.conduct("member", "recover", "--recovery", _recovery(founder), *replacing).done()

    assert (answer.json["member"], answer.json["returns"]) == ("Priya Raman", True)
    assert opens(again, case) == (True, True)
    founder.conduct("member", "unrecuse", "Priya Raman", case).done(1)
    assert opens(join(again, "Quinn Abara"), case)[0]
    again.conduct("audit", "verify").done()


def test_replacing_needs_both_and_nothing_else(founder: Person) -> None:
    file = _recovery(founder)
    both = ["--for", "A", "--replace", "B", "--block", file]
    for options in ([], ["--replace", "Priya Raman"], ["--block", file], both):
        assert "--for" in founder.conduct("member", "recover", "--recovery", file, *options).done(2).err


@pytest.mark.parametrize(("secret", "status"), [("", 3), ("nonsense", 3), ("0" * 64, 3), ("other", 2)])
def test_wrong_recovery_secret_changes_nothing(founder: Person, tmp_path: Path, secret: str, status: int) -> None:
    if secret == "other":
        found(tmp_path / "other", "--recovery-out", tmp_path / "other-recovery")
        secret = (tmp_path / "other-recovery").read_text()
    file = write_secret_line(tmp_path / "typed", secret)

    founder.conduct("member", "recover", "--recovery", file, "--for", "Priya Raman").done(status)

    assert acts(founder) == ["found"]


def test_recovery_secret_may_be_typed_small_and_come_from_stdin(founder: Person) -> None:
    typed = _recovery(founder).read_text().lower().replace("-", " ")

    founder.conduct("member", "recover", "--recovery", "-", "--for", "Priya Raman", stdin=typed).done()
