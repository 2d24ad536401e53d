"""Mail full of marked words goes through the whole program: none comes out where it should not, none lies open."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.scenes import CONDUCT, Scene

#: Made to stand out, in any form in which it might be written down.
MARK = "Zqxmark"


def _marked_mail(number: int, **headers: str) -> EmailMessage:
    """A mark in every place that a sender can write to, each another one."""
    mail = EmailMessage()
    mail["From"] = f'"{MARK}FromName{number}" <{MARK}from{number}@{MARK}host.example>'
    mail["To"] = f'"{MARK}ToName" <{CONDUCT}>, {MARK}other@mail.example'
    mail["Cc"] = f"{MARK}cc@mail.example"
    mail["Reply-To"] = f"{MARK}reply@mail.example"
    mail["Sender"] = f"{MARK}sender@mail.example"
    mail["Subject"] = f"{MARK}Subject{number} über {MARK}"
    mail["Message-ID"] = f"<{MARK}id{number}@{MARK}host.example>"
    mail["X-Odd"] = f"{MARK}Header"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(
        f"Dear {MARK}Salutation,\n\nRolf {MARK}Surname (@{MARK}handle, {MARK}accused@mail.example, "
        f"https://{MARK}site.example/u/{MARK}) shouted at me in {MARK}town on 2026-02-01.\n\n"
        f"> {MARK}Quoted\n-- \n{MARK}Sig\n"
    )
    mail.add_alternative(f"<p title='{MARK}Title'>{MARK}Html</p>", subtype="html")
    mail.add_attachment(f"{MARK}Attached".encode(), maintype="text", subtype="plain", filename=f"{MARK}name.txt")
    inner = EmailMessage()
    inner["Subject"], inner["From"] = f"{MARK}InnerSubject", f"{MARK}inner@mail.example"
    inner.set_content(f"{MARK}InnerText\n")
    mail.add_attachment(inner)
    return mail


@pytest.fixture
def told(scene: Scene) -> Scene:
    """A scene with marked mails of all sorts in its mailbox: reports, replies, bounces, machines', broken ones."""
    scene.deliver(_marked_mail(1))
    scene.deliver(_marked_mail(2, In_Reply_To=f"<{MARK}id1@{MARK}host.example>"))
    scene.deliver(_marked_mail(3, Auto_Submitted=f"auto-replied ({MARK}Comment)"))
    scene.deliver(f"From: {MARK} <{MARK}@\r\nContent-Type: {MARK}/x; boundary={MARK}\r\n\r\n--{MARK}\r\n".encode())
    scene.deliver(f"{MARK} no header at all\r\n".encode())
    bounce = (
        f"From: mailer-daemon@{MARK}.example",
        f"Subject: {MARK}",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x",
        "",
        "--x\r\n",
        MARK,
        "--x",
        "Content-Type: message/delivery-status",
        "",
        f"Final-Recipient: rfc822; {MARK}to@mail.example",
        "Action: failed",
        "",
        "--x--",
    )
    scene.deliver("\r\n".join(bounce).encode())
    return scene


def _case_of_the_report(scene: Scene) -> str:
    name: str = next(each["case"] for each in scene.listed() if f"{MARK}from1@" in each["from"])
    return name


def _forms(text: str) -> list[bytes]:
    """The mark as it may lie in a file: as it is, in other capitals, in UTF-16, in base64 at each of three offsets."""
    plain = [text.encode(), text.lower().encode(), text.upper().encode(), text.encode("utf-16-le")]
    encoded = []
    for shift in range(3):
        whole = base64.b64encode(b"x" * shift + text.encode() + b"xx")
        encoded.append(whole[4 if shift else 0 : -8])
    return [*plain, *encoded, text.encode().hex().encode()]


def _assert_silent(*said: str) -> None:
    for text in said:
        assert MARK.lower() not in text.lower()


def test_no_word_of_a_mail_is_said_or_lies_open(told: Scene) -> None:
    """Poll, accept, close, plan, doctor, audit: words of mail are shown by `mail` and `case show` alone."""
    polled = told.as_service("poll", "--json").done()
    assert polled.json["stored"] == 6
    case = _case_of_the_report(told)
    subject = f"Rolf {MARK}Surname <{MARK}accused@mail.example, @{MARK}handle>"
    done = [
        told.conduct("case", "accept", case, "--subject", subject, f"summary={MARK}Typed it was", "--json"),
        told.conduct("retain", "hold", case, "--reason", f"{MARK}Reason"),
        told.conduct("retain", "release", case),
        told.conduct(
            "case",
            "close",
            case,
            "--outcome",
            "resolved",
            "--decided",
            "2026-04-01",
            "--yes",
            f"summary={MARK}Typed again",
        ),
        told.conduct("case", "list", "--json"),
        told.conduct("retain", "plan", "--on", "2030-01-01", "--json"),
        told.conduct("retain", "plan"),
        told.conduct("audit", "list", "--json"),
        told.conduct("audit", "verify"),
        told.conduct("doctor"),
        told.conduct("case", "show", "no-suchcase"),
        told.as_service("poll"),
    ]

    assert [each.status for each in done[:4]] == [0, 0, 0, 0]
    _assert_silent(polled.out, polled.err, *(each.out + each.err for each in done))
    for form in _forms(MARK):
        assert told.files_with(form) == []


def test_values_of_a_case_are_not_repeated_by_refusals(told: Scene) -> None:
    """Errors name the field and the option, never what was typed or what is known."""
    told.poll()
    case = _case_of_the_report(told)
    told.conduct("case", "accept", case).done()
    refused = [
        told.conduct("case", "accept", case, "--subject", f"{MARK}Again"),
        told.conduct("case", "edit", case, f"outcome_to_share={MARK}FromName1 told us"),
        told.conduct("case", "edit", case, f"general_note=written by {MARK}from1@{MARK}host.example"),
        told.conduct("mail", "show", "m0000000000"),
        told.conduct("mail", "release", "m0000000000", "Noor"),
    ]

    _assert_silent(*(each.err for each in refused))
    assert [each.status for each in refused] == [1, 1, 1, 2, 2]


def test_a_fault_of_ours_tells_no_word_of_a_mail(told: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is raised while a mail is filed: one line with a place in our files."""
    from records import mail

    def fail(*_: object) -> None:
        raise ValueError(f"{MARK} in an error")

    monkeypatch.setattr(mail, "note_participants", fail)
    broken = told.as_service("poll").done(70)

    _assert_silent(broken.out, broken.err)
    assert "a fault of ours" in broken.err


def test_libraries_log_no_word_of_a_mail(told: Scene, tmp_path: Path) -> None:
    """With every logger at its most talkative."""
    script = (
        "import logging, sys\n"
        f"logging.basicConfig(filename={str(tmp_path / 'log')!r}, level=1)\n"
        "from ingest.cli.app import run\n"
        "sys.exit(run(sys.argv[1:]))\n"
    )
    command = [sys.executable, "-c", script, "--home", str(told.home.root), "poll", "--json"]
    finished = subprocess.run(command, capture_output=True, check=True, text=True)

    assert json.loads(finished.stdout)["stored"] == 6
    log = tmp_path / "log"
    _assert_silent(finished.stdout, finished.stderr, log.read_text() if log.exists() else "")


def test_values_print_none_of_what_they_hold(told: Scene) -> None:
    """So that a traceback, a log or a failed comparison shows nothing either."""
    from ingest import parse
    from ingest.trim import trim
    from policies import intake
    from policies.mail import MailId
    from records import members

    with told.looking() as transaction:
        roster = members.roster(transaction, [CONDUCT])
    message = parse.parse(trim(bytes(_marked_mail(1)))[0])
    found = intake.read(message, roster, MailId("m1"))

    assert MARK in message.subject
    _assert_silent(repr(message), repr(message.from_), repr(message.attachments), repr(found), repr(found.suggestions))
