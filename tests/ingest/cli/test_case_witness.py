"""``conduct case witness``: put on record, shown, protected when a mail leaves, kept out of what stays, destroyed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ingest.cli.test_consent import DRAFT, _record, _rules
from tests.scenes import Scene
from tests.servers.account import Account

WITNESS = "Wilma Witt <wilma@example.net, @wwitt>"
NAMING = DRAFT.replace("Ada Quill wrote to us", "Wilma Witt was there and wrote")


@pytest.fixture
def recorded(tmp_path: Path, pymap_account: Account) -> tuple[Scene, str]:
    """A committee with one record, and its code name."""
    scene, case, _ = _record(tmp_path, pymap_account)
    return scene, case


def test_shown_by_number_and_taken_off_by_it(recorded: tuple[Scene, str]) -> None:
    scene, case = recorded
    assert "No witness" in scene.conduct("case", "witness", case).done().out
    scene.conduct("case", "witness", case, "--add", WITNESS, "--add", "Otto Obst").done()

    shown = scene.conduct("case", "show", case).done().out
    assert "Witnesses\n  1. Wilma Witt <wilma@example.net, @wwitt>\n  2. Otto Obst\n" in shown
    left = scene.conduct("case", "witness", case, "--remove", "1", "--json").done().json["witnesses"]
    assert [(each["n"], each["names"]) for each in left] == [(1, ["Otto Obst"])]
    assert scene.conduct("case", "show", case, "--json").done().json["witnesses"] == left
    assert scene.conduct("case", "witness", case, "--remove", "7").status == 2


def test_protected_when_a_mail_leaves_as_the_reporter_is(recorded: tuple[Scene, str]) -> None:
    scene, case = recorded
    assert "reporter-named" not in _rules(scene, case, NAMING)

    scene.conduct("case", "witness", case, "--add", WITNESS).done()

    assert "reporter-named" in _rules(scene, case, NAMING)
    hidden = scene.conduct("lint", "-", "--case", case, stdin=NAMING).out
    assert "witness 1" in hidden
    assert "Wilma" not in hidden


def test_mail_to_a_witness_finds_the_case(recorded: tuple[Scene, str]) -> None:
    scene, case = recorded
    scene.conduct("case", "witness", case, "--add", WITNESS).done()
    draft = NAMING.replace("Sam Stone <sam@example.net>", "wilma@example.net")

    answer = scene.conduct("lint", "-", "--json", stdin=draft).json
    assert [each["role"] for each in answer["recipients"]][:1] == ["witness"]


def test_nowhere_in_clear_and_gone_with_the_reporters_part(recorded: tuple[Scene, str]) -> None:
    scene, case = recorded
    scene.conduct("case", "witness", case, "--add", WITNESS).done()
    assert scene.files_with(b"Wilma") == []
    named = scene.conduct("case", "close", case, "--outcome", "unidentified", "general_note=Wilma saw it", "--yes")
    assert named.status == 1
    assert "Somebody is named in: general_note" in named.err

    scene.conduct("case", "close", case, "--outcome", "unidentified", "--yes", on="2026-03-10").done()
    scene.conduct("retain", "apply", "--yes", on="2026-09-10", who="Noor").done()

    assert scene.conduct("case", "show", case, "--json", on="2026-09-10").done().json["witnesses"] == []
    refused = scene.conduct("case", "witness", case, "--add", WITNESS, on="2026-09-10")
    assert refused.status == 1
    assert "expunged" in refused.err


def test_somebody_kept_from_the_case_neither_reads_nor_adds(recorded: tuple[Scene, str]) -> None:
    scene, case = recorded
    scene.conduct("case", "witness", case, "--add", WITNESS).done()
    scene.conduct("member", "recuse", "Noor", case).done()

    for options in ((), ("--add", "Otto Obst")):
        refused = scene.conduct("case", "witness", case, *options, who="Noor").done(1)
        assert "not granted to you" in refused.err
        assert "Wilma" not in refused.out
