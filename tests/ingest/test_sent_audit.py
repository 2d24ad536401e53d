"""The look at sent mail: what should not have left is noticed at once, by members, in words that name nobody."""

from __future__ import annotations

import contextlib
import dataclasses
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ingest import jobs
from ingest.config import load_settings
from ingest.drafts.duty import OutgoingDuty
from ingest.gate.judging import Gate
from ingest.gate.ruling import Judged
from ingest.jobs import Service
from ingest.sent_audit import MOST_NOTICES, Audited
from policies.errors import Unavailable
from policies.lint.draft import Draft
from records import audit, sent_checks
from tests.ingest.gate.desk import REPORT_ID, REPORTER, STRANGER, SUBJECT, founded, letter
from tests.scenes import CONDUCT, Scene
from tests.servers.account import Account
from tests.servers.ports import free_port
from tests.servers.sink import Sink

SENT_ON = datetime(2026, 3, 5, 9, tzinfo=UTC)
NOW = SENT_ON + timedelta(minutes=3)
DISCLOSING = letter(
    SUBJECT, "Ada Berg told us what you said.\n", answers=REPORT_ID, headers={"Message-ID": "<ours-2@example.org>"}
)
PLAIN = letter(REPORTER, answers=REPORT_ID, headers={"Message-ID": "<ours-3@example.org>"})


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as opened:
        yield opened


@pytest.fixture
def scene(tmp_path: Path, pymap_account: Account, sink: Sink) -> Scene:
    smarthost = {"host": "127.0.0.1", "port": sink.port, "tls": "none"}
    return founded(tmp_path, pymap_account, {"smtp": smarthost})


@contextlib.contextmanager
def service(scene: Scene, now: datetime = NOW) -> Iterator[Service]:
    with scene.opened() as store:
        yield jobs.service(scene.home, load_settings(scene.home), {}, store, now)


def sent(scene: Scene, *mails: bytes) -> None:
    assert scene.account is not None
    for mail in mails:
        scene.account.append(mail, "Sent", SENT_ON)
    scene.poll()


def audited(scene: Scene, now: datetime = NOW) -> Audited:
    with service(scene, now) as job:
        duty = OutgoingDuty()
        try:
            return duty.run(job)[1]
        finally:
            duty.close()


def test_disclosure_is_noticed_and_told_by_code_name(scene: Scene, sink: Sink) -> None:
    sent(scene, DISCLOSING)

    assert audited(scene) == Audited(checked=1, wrong=1, told=3)
    assert {mail.recipients for mail in sink.taken} == {(person.address,) for person in scene.members}
    told = sink.taken[0].content.decode()
    case = scene.conduct("case", "list", "--json").done().json["cases"][0]["case"]
    assert case in told
    assert not any(name in told for name in ("Ada", "Berg", REPORTER, "Sam", SUBJECT))
    shown = scene.conduct("case", "show", case).done().out
    assert "sent-finding" in shown
    assert "reporter-named" in shown


def test_each_mail_is_looked_at_once(scene: Scene, sink: Sink) -> None:
    sent(scene, DISCLOSING, PLAIN)

    assert audited(scene).checked == 2
    assert audited(scene) == Audited()
    assert len(sink.taken) == 3


def test_copies_of_one_mail_are_one(scene: Scene) -> None:
    sent(scene, PLAIN)
    assert scene.account is not None
    scene.account.append(PLAIN.replace(b"MIME-Version", b"Received: from list\r\nMIME-Version"), "INBOX", SENT_ON)
    scene.poll()

    assert audited(scene) == Audited(checked=1)


def test_good_mail_makes_no_noise(scene: Scene, sink: Sink) -> None:
    sent(scene, PLAIN)

    assert audited(scene) == Audited(checked=1)
    assert sink.taken == []


def test_member_kept_from_the_case_is_not_told(scene: Scene, sink: Sink) -> None:
    case = scene.conduct("case", "list", "--json").done().json["cases"][0]["case"].replace(" ", "-")
    scene.conduct("member", "recuse", "Noor", case).done()
    sent(scene, DISCLOSING)

    assert audited(scene).told == 2
    assert (scene.member("Noor").address,) not in {mail.recipients for mail in sink.taken}


def test_mail_in_no_thread_is_a_finding_on_the_case_that_it_belongs_to(scene: Scene, sink: Sink) -> None:
    code_name = scene.conduct("case", "list", "--json").done().json["cases"][0]["case"]
    scene.conduct("member", "recuse", "Noor", code_name.replace(" ", "-")).done()
    sent(scene, letter(SUBJECT, subject=f"About {code_name}", cc="", headers={"Message-ID": "<ours-5@example.org>"}))

    assert audited(scene) == Audited(checked=1, wrong=1, told=2)
    assert all(code_name in mail.content.decode() for mail in sink.taken)
    assert "sent-finding" in scene.conduct("case", "show", code_name.replace(" ", "-")).done().out


def test_old_mail_is_history(scene: Scene) -> None:
    sent(scene, DISCLOSING)

    assert audited(scene, SENT_ON + timedelta(days=15)) == Audited()


def test_mail_that_is_gone_from_the_mailbox_is_noted_so(scene: Scene, pymap_account: Account) -> None:
    sent(scene, DISCLOSING)
    client = pymap_account.member()
    client.select_folder("Sent")
    client.delete_messages(client.search("ALL"))
    client.expunge()

    assert audited(scene) == Audited(checked=1)
    with scene.looking() as transaction:
        assert sent_checks.unchecked(transaction, SENT_ON - timedelta(days=1)) == []


def test_notice_that_could_not_be_sent_is_sent_the_next_time(scene: Scene, sink: Sink) -> None:
    sent(scene, DISCLOSING)
    text = scene.home.settings_file.read_text()
    scene.home.settings_file.write_text(text.replace(f"port = {sink.port}", f"port = {free_port()}"))
    with pytest.raises(Unavailable):
        audited(scene)
    with scene.looking() as transaction:
        assert not [entry for entry in audit.entries(transaction) if entry.act == "sent-finding"]
    scene.home.settings_file.write_text(text)

    assert audited(scene).told == 3
    assert len(sink.taken) == 3


def test_mail_whose_check_failed_for_once_is_checked_the_next_time(scene: Scene) -> None:
    sent(scene, DISCLOSING)
    scene.home.configuration.joinpath("lint.toml").write_text("not toml")
    with pytest.raises(Unavailable, match="could not be checked"):
        audited(scene)
    scene.home.configuration.joinpath("lint.toml").unlink()

    assert audited(scene) == Audited(checked=1, wrong=1, told=3)


def test_mail_that_breaks_the_check_holds_up_no_other(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    sent(scene, PLAIN, DISCLOSING)
    judge = Gate.judge

    def breaks_on_plain(gate: Gate, raw: bytes, *rest: Any, **options: Any) -> Judged:
        if raw == PLAIN:
            raise RecursionError(raw)
        return judge(gate, raw, *rest, **options)

    monkeypatch.setattr(Gate, "judge", breaks_on_plain)

    assert audited(scene) == Audited(checked=2, wrong=1, told=3)


def test_forged_mail_brings_few_notices_and_hides_none_about_what_was_sent(scene: Scene, sink: Sink) -> None:
    assert scene.account is not None
    for number in range(MOST_NOTICES + 2):
        forged = letter(
            CONDUCT, "Dear [NAME],\n", cc=STRANGER, headers={"Message-ID": f"<forged-{number}@evil.example>"}
        )
        scene.account.append(forged, "INBOX", SENT_ON)
    scene.poll()
    assert audited(scene) == Audited(checked=MOST_NOTICES + 2, wrong=MOST_NOTICES + 2, told=3 * MOST_NOTICES)
    lasts = [mail for mail in sink.taken if "told of no other" in mail.content.decode()]
    assert len(lasts) == 3

    sent(scene, DISCLOSING)

    assert audited(scene) == Audited(checked=1, wrong=1, told=3)


def test_a_member_who_cannot_be_reached_keeps_no_other_from_being_told(scene: Scene, sink: Sink) -> None:
    sent(scene, DISCLOSING)
    full = scene.members[0].address
    sink.on_recipient = lambda address: "452 4.2.2 Mailbox full" if address == full else "250 2.1.5 Ok"

    assert audited(scene).told == 2
    assert audited(scene) == Audited()


def test_without_a_smarthost_the_history_still_says_it(tmp_path: Path, pymap_account: Account) -> None:
    scene = founded(tmp_path, pymap_account)
    sent(scene, DISCLOSING)

    assert audited(scene) == Audited(checked=1, wrong=1, told=0)


def test_draft_gets_its_note_from_the_mail_it_answers(scene: Scene, pymap_account: Account) -> None:
    """Nobody's key is there: who was on the mail answered is read from the mailbox."""
    draft = letter(REPORTER, cc=f"{CONDUCT}, {STRANGER}", answers=REPORT_ID)
    pymap_account.append(draft, "Drafts")
    settings = load_settings(scene.home)
    assert settings.imap is not None
    with service(scene) as job:
        imap = settings.imap.model_copy(update={"drafts": "Drafts"})
        watching = dataclasses.replace(job, settings=settings.model_copy(update={"imap": imap}))
        duty = OutgoingDuty()
        assert duty.run(watching)[0].written == 0
        assert duty._watch is not None
        duty._watch._rest = 0.0
        assert duty.run(watching)[0].written == 1
        duty.close()
    note = Draft(next(mail for mail in pymap_account.contents("Drafts") if b"X-Conduct-Lint" in mail))
    case = scene.conduct("case", "list", "--json").done().json["cases"][0]["case"]
    assert re.fullmatch(rf"LINT \d errors: {case}", note.subject)
    assert "thread-reused" in "".join(line.text for line in note.texts[0].lines)


def test_the_doctor_names_what_could_not_be_checked(scene: Scene, sink: Sink) -> None:
    sent(scene, letter(STRANGER, headers={"Message-ID": "<ours-4@example.org>"}))
    assert audited(scene) == Audited(checked=1)
    assert sink.taken == []
    listed = scene.conduct("mail", "list", "--json").done().json["mail"]
    (ours,) = [mail["id"] for mail in listed if mail["kind"] == "sent"]

    checks = scene.conduct("doctor", "--json", on="2026-03-06").json["checks"]

    assert [each["message"] for each in checks if each["check"] == "sent"] == [
        f"1 sent mail could not be checked without a key: {ours}."
    ]
    scene.conduct("findings", "show", ours).done()


def test_notice_leads_to_what_was_found(scene: Scene) -> None:
    sent(scene, DISCLOSING)
    listed = scene.conduct("mail", "list", "--json").done().json["mail"]
    ids = {mail["kind"]: mail["id"] for mail in listed}

    shown = scene.conduct("findings", "show", ids["sent"]).done().out
    assert "reporter-named" in shown
    assert "Berg" not in shown
    assert "not sent" not in shown.lower()  # it was
    scene.conduct("findings", "show", ids["report"]).done(status=2)
