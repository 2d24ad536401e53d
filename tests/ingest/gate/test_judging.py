"""The check behind every door: whose mail is looked at, with a key and without, and what becomes of it."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from ingest.gate.judging import Gate
from ingest.gate.ruling import Judged, Ruling, from_plain, to_plain
from ingest.gate.words import why_not
from policies.errors import Refused, WrongUsage
from records import refusals
from records.keyring import Keyring
from tests.ingest.gate.desk import (
    PRIVATE,
    REPORT_ID,
    REPORTER,
    STRANGER,
    SUBJECT,
    copied,
    gate_of,
    letter,
)
from tests.scenes import CONDUCT, Scene


@pytest.fixture
def scene(plain_scene: Scene) -> Scene:
    return plain_scene


@pytest.fixture
def locked(scene: Scene) -> Gate:
    return gate_of(scene, None)


@pytest.fixture
def open_gate(scene: Scene) -> Gate:
    return gate_of(scene, scene.members[0])


def ruled(gate: Gate, raw: bytes, *recipients: str, sender: str = CONDUCT) -> Ruling:
    with gate:
        return gate.judge(raw, recipients, sender).ruling


# ---------------------------------------------------------------- whose mail


@pytest.mark.parametrize("has_key", [True, False])
def test_a_private_mail_is_not_touched(scene: Scene, has_key: bool) -> None:
    gate = gate_of(scene, scene.members[0] if has_key else None)
    raw = letter("friend@example.net", sender=PRIVATE, cc="", subject="{{ dinner }}")

    assert ruled(gate, raw, "friend@example.net", sender=PRIVATE) is Ruling.UNTOUCHED


@pytest.mark.parametrize("has_key", [True, False])
def test_a_private_answer_in_a_thread_on_record_is_checked(scene: Scene, has_key: bool) -> None:
    gate = gate_of(scene, scene.members[0] if has_key else None)
    raw = letter(REPORTER, sender=PRIVATE, cc="", answers=REPORT_ID)

    assert ruled(gate, raw, REPORTER, sender=PRIVATE) is Ruling.REFUSED


@pytest.mark.parametrize("has_key", [True, False])
def test_a_report_passed_on_as_it_came_is_checked(scene: Scene, has_key: bool) -> None:
    gate = gate_of(scene, scene.members[0] if has_key else None)
    raw = letter(CONDUCT, sender=f"Ada <{REPORTER}>", cc="", headers={"Message-ID": REPORT_ID})

    assert ruled(gate, raw, STRANGER, sender=PRIVATE) is Ruling.REFUSED


def test_a_new_private_mail_to_a_party_is_checked_with_a_key(open_gate: Gate) -> None:
    raw = letter(SUBJECT, sender=PRIVATE, cc="")

    assert ruled(open_gate, raw, SUBJECT, sender=PRIVATE) is Ruling.REFUSED


def test_a_new_private_mail_to_who_wrote_to_us_is_checked_without_a_key(locked: Gate) -> None:
    raw = letter(REPORTER, sender=PRIVATE, cc="")

    assert ruled(locked, raw, REPORTER, sender=PRIVATE) is Ruling.REFUSED


def test_a_party_in_the_envelope_alone_counts(open_gate: Gate) -> None:
    raw = letter("friend@example.net", sender=PRIVATE, cc="")

    assert ruled(open_gate, raw, "friend@example.net", SUBJECT, sender=PRIVATE) is Ruling.REFUSED


@pytest.mark.parametrize("has_key", [True, False])
def test_what_a_reporter_writes_to_us_is_not_held_up(scene: Scene, has_key: bool) -> None:
    gate = gate_of(scene, scene.members[0] if has_key else None)
    raw = letter(f"{CONDUCT}, {STRANGER}", sender=REPORTER, cc="", answers=REPORT_ID)

    assert ruled(gate, raw, CONDUCT, sender=REPORTER) is Ruling.UNTOUCHED


def test_an_identity_of_the_configuration_is_ours(tmp_path: Path, original: Scene) -> None:
    scene = copied(original, tmp_path, {"outgoing": {"identities": [PRIVATE]}})
    raw = letter("friend@example.net", sender=f"Priya <{PRIVATE.upper()}>", cc="")

    assert ruled(gate_of(scene, scene.members[0]), raw, "friend@example.net", sender="") is Ruling.REFUSED


def test_the_envelopes_sender_claims_a_mail_whose_from_cannot_be_read(open_gate: Gate) -> None:
    raw = b"From: =?x?\r\nTo: friend@example.net\r\n\r\nhello\r\n"

    assert ruled(open_gate, raw, "friend@example.net", sender=CONDUCT) is Ruling.REFUSED


@pytest.mark.parametrize("has_key", [True, False])
@pytest.mark.parametrize(
    ("sender", "to", "cc", "answers"),
    [
        (SUBJECT, REPORTER, "", ""),  # he tries who reported him: a refusal would tell
        (STRANGER, REPORTER, "", ""),
        (REPORTER, CONDUCT, STRANGER, REPORT_ID),
        (REPORTER, SUBJECT, "", REPORT_ID),
    ],
)
def test_a_filter_for_a_whole_host_leaves_alone_who_is_no_member(
    scene: Scene, has_key: bool, sender: str, to: str, cc: str, answers: str
) -> None:
    gate = gate_of(scene, scene.members[0] if has_key else None, is_shared=True)
    raw = letter(to, sender=sender, cc=cc, answers=answers)

    assert ruled(gate, raw, to, sender=sender) is Ruling.UNTOUCHED


def test_who_writes_in_our_name_from_elsewhere_learns_nothing_of_what_the_rules_find(scene: Scene) -> None:
    texts = ("Ada Berg told us about you.\n", "Bob Berg told us about you.\n", "hello\n")
    with gate_of(scene, scene.members[0], is_shared=True) as gate:
        said = {why_not(gate.judge(letter(SUBJECT, text), [SUBJECT, CONDUCT], SUBJECT)) for text in texts}
        nobody = gate.judge(letter(SUBJECT), [SUBJECT, CONDUCT], "")

    [[line]] = said
    assert line.startswith("NOT SENT: it is in the committee's name")
    assert nobody.ruling is Ruling.REFUSED
    assert not nobody.code


def test_a_filter_for_a_whole_host_checks_what_members_send(scene: Scene) -> None:
    member, raw = scene.members[0].address, letter(SUBJECT, "Ada Berg told us about you.\n")
    with gate_of(scene, scene.members[0], is_shared=True) as gate:
        for sender in (CONDUCT, member):
            assert "reporter-named" in gate.judge(raw, [SUBJECT, CONDUCT], sender).rules
        private = letter(SUBJECT, sender=member, cc="")
        assert gate.judge(private, [SUBJECT], member).ruling is Ruling.REFUSED


# ---------------------------------------------------------------- rulings


def test_an_answer_to_the_reporter_passes(scene: Scene) -> None:
    raw = letter(REPORTER, answers=REPORT_ID)

    assert ruled(gate_of(scene, scene.members[0]), raw, REPORTER, CONDUCT) is Ruling.PASSED
    assert ruled(gate_of(scene, None), raw, REPORTER, CONDUCT) is Ruling.WITHOUT_CASE


def test_a_disclosure_is_refused_and_names_its_rule(open_gate: Gate) -> None:
    judged = open_gate.judge(letter(SUBJECT, "Ada Berg told us about you.\n"), [SUBJECT, CONDUCT], CONDUCT)

    assert judged.ruling is Ruling.REFUSED
    assert "reporter-named" in judged.rules
    assert not any("Ada" in line or "ada@" in line for line in judged.report)


def test_a_recipient_of_the_envelope_alone_is_bcc(open_gate: Gate) -> None:
    judged = open_gate.judge(letter(REPORTER, answers=REPORT_ID), [REPORTER, CONDUCT, STRANGER], CONDUCT)

    assert "bcc-used" in judged.rules


def test_a_new_letter_to_somebody_outside_cannot_be_checked_without_a_key(locked: Gate) -> None:
    judged = locked.judge(letter(STRANGER), [STRANGER, CONDUCT], CONDUCT)

    assert judged.ruling is Ruling.UNCHECKED
    assert not judged.leaves


def test_the_committee_may_choose_to_be_warned_only(tmp_path: Path, original: Scene) -> None:
    scene = copied(original, tmp_path, {"outgoing": {"unchecked": "warn"}})
    judged = gate_of(scene, None).judge(letter(STRANGER), [STRANGER, CONDUCT], CONDUCT)

    assert judged.ruling is Ruling.WARNED
    assert judged.leaves


def test_without_a_store_nothing_leaves(scene: Scene) -> None:
    scene.home.content.unlink()
    judged = gate_of(scene, None).judge(letter(REPORTER, answers=REPORT_ID), [REPORTER], CONDUCT)

    assert judged.ruling is Ruling.UNCHECKED
    assert "store" in judged.trouble


def test_without_a_store_a_report_comes_in_all_the_same(scene: Scene) -> None:
    scene.home.content.unlink()
    report = letter(CONDUCT, sender=REPORTER, cc="")
    with gate_of(scene, None) as gate:
        assert gate.judge(report, [CONDUCT], REPORTER).ruling is Ruling.UNTOUCHED
        assert gate.judge(report, [CONDUCT, STRANGER], REPORTER).ruling is Ruling.UNCHECKED
        assert gate.judge(report, [], REPORTER).ruling is Ruling.UNCHECKED
        assert gate.judge(report, [CONDUCT], CONDUCT).ruling is Ruling.UNCHECKED


def test_a_broken_lint_toml_stops_mail_until_it_is_mended(scene: Scene) -> None:
    file = scene.home.configuration / "lint.toml"
    with gate_of(scene, scene.members[0]) as gate:
        raw = letter(REPORTER, answers=REPORT_ID)
        assert gate.judge(raw, [REPORTER, CONDUCT], CONDUCT).leaves
        file.write_text("[rules.nothing]\nseverity = 'off'\n")
        assert gate.judge(raw, [REPORTER, CONDUCT], CONDUCT).ruling is Ruling.UNCHECKED
        file.write_text("")
        assert gate.judge(raw, [REPORTER, CONDUCT], CONDUCT).leaves


def test_a_ruling_travels_as_json(open_gate: Gate) -> None:
    judged = open_gate.judge(letter(SUBJECT, "Ada Berg told us.\n"), [SUBJECT], CONDUCT)

    assert from_plain(to_plain(judged)) == judged
    assert repr(judged) == "Judged(refused)"
    with pytest.raises((KeyError, ValueError, TypeError)):
        from_plain({"ruling": "fine"})
    assert Judged(Ruling.PASSED).leaves


# ---------------------------------------------------------------- codes


def test_what_was_found_stands_where_it_cannot_be_kept(scene: Scene) -> None:
    with contextlib.closing(sqlite3.connect(scene.home.content)) as store:
        store.execute("CREATE TRIGGER full BEFORE INSERT ON refusals BEGIN SELECT RAISE(ABORT, 'full'); END")
    with gate_of(scene, scene.members[0]) as gate:
        judged = gate.judge(letter(SUBJECT, "Ada Berg told us about you.\n"), [SUBJECT, CONDUCT], CONDUCT)

    assert (judged.ruling, judged.code) == (Ruling.REFUSED, "")
    assert why_not(judged)[-1] == "NOT SENT: 1 error. Members: conduct lint says which."


def test_what_was_found_has_an_end(open_gate: Gate) -> None:
    guests = ", ".join(f"guest{number}@example.net" for number in range(3000))
    judged = open_gate.judge(letter(REPORTER, answers=REPORT_ID, headers={"Bcc": guests}), [], CONDUCT)

    assert judged.errors > 2000
    assert len(judged.report) == 1001
    assert "more lines" in judged.report[-2]
    assert "errors" in judged.report[-1]


@pytest.mark.parametrize("has_key", [True, False])
def test_what_was_found_is_kept_for_the_members(scene: Scene, has_key: bool) -> None:
    with gate_of(scene, scene.members[0] if has_key else None) as gate:
        judged = gate.judge(letter(REPORTER, cc="", answers=REPORT_ID), [REPORTER], CONDUCT)
        again = gate.judge(letter(REPORTER, cc="", answers=REPORT_ID), [REPORTER], CONDUCT, keeps=False)

    assert judged.code
    assert not again.code
    for person in scene.members:
        with scene.looking() as transaction:
            lines = refusals.read(transaction, person.keyring, judged.code.lower().replace("-", " "), _today())
        assert any("conduct-cc" in line for line in lines)
    assert not scene.files_with(b"conduct-cc")


@pytest.mark.parametrize("has_key", [True, False])
def test_who_is_kept_from_the_case_cannot_read_what_was_found(scene: Scene, has_key: bool) -> None:
    case = scene.conduct("case", "list", "--json").done().json["cases"][0]["case"].replace(" ", "-")
    scene.conduct("member", "recuse", "Noor", case, who="Noor").done()
    judged = gate_of(scene, scene.members[0] if has_key else None).judge(
        letter(REPORTER, cc="", answers=REPORT_ID), [REPORTER], CONDUCT
    )

    with scene.looking() as transaction:
        assert refusals.read(transaction, scene.member("Priya").keyring, judged.code, _today())
        with pytest.raises(Refused):
            refusals.read(transaction, scene.member("Noor").keyring, judged.code, _today())


def test_who_steps_aside_later_loses_what_was_found(scene: Scene) -> None:
    case = scene.conduct("case", "list", "--json").done().json["cases"][0]["case"].replace(" ", "-")
    judged = gate_of(scene, scene.members[0]).judge(letter(REPORTER, cc="", answers=REPORT_ID), [REPORTER], CONDUCT)

    scene.conduct("member", "recuse", "Noor", case).done()

    scene.conduct("findings", "show", judged.code, who="Noor").done(1)
    scene.conduct("findings", "show", judged.code, who="Tomas").done()


@pytest.mark.parametrize("unchecked", ["refuse", "warn"])
def test_who_stepped_aside_is_told_to_leave_it_to_others(tmp_path: Path, original: Scene, unchecked: str) -> None:
    scene = copied(original, tmp_path, {"outgoing": {"unchecked": unchecked}})
    case = scene.conduct("case", "list", "--json").done().json["cases"][0]["case"].replace(" ", "-")
    scene.conduct("member", "recuse", "Noor", case).done()
    with gate_of(scene, scene.member("Noor")) as gate:
        judged = from_plain(to_plain(gate.judge(letter(REPORTER, answers=REPORT_ID), [REPORTER, CONDUCT], CONDUCT)))
        fresh = gate.judge(letter(SUBJECT), [SUBJECT, CONDUCT], CONDUCT)

    assert judged.ruling is Ruling.UNCHECKED
    assert why_not(judged) == ("NOT SENT: it belongs to a case that is closed to you; let another member send it",)
    assert any("1 open case is closed to you" in line for line in fresh.report)


def test_after_a_week_it_is_gone(scene: Scene) -> None:
    gate = gate_of(scene, scene.members[0])
    code = gate.judge(letter(REPORTER, cc="", answers=REPORT_ID), [REPORTER], CONDUCT).code
    later = _today() + timedelta(days=8)
    with scene.looking() as transaction, pytest.raises(WrongUsage, match="Nothing is kept"):
        refusals.read(transaction, scene.members[0].keyring, code, later)
    with scene.opened() as store, store.writing() as transaction:
        assert refusals.has_old(transaction, later)
        assert refusals.forget_old(transaction, later) == 1
    with scene.looking() as transaction:
        assert not refusals.has_old(transaction, later)
        assert _fresh(scene).key_or_none(transaction, f"refusal:{code}") is None


def _today() -> date:
    return datetime.now(UTC).date()


def _fresh(scene: Scene) -> Keyring:
    """Her keyring without what it remembers."""
    return Keyring(scene.members[0].keyring.member, scene.members[0].keyring.identity)
