"""Letters of an invented committee, and the check of them as the command makes it."""

from __future__ import annotations

import email.message
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from ingest.wording import read_wording
from policies.lint.check import check
from policies.lint.checked import Checked, Settings, Stored, Via
from policies.lint.context_file import parse_context
from policies.lint.draft import Draft
from policies.lint.verdict import Finding
from policies.lint.wording import Entry

PEOPLE = {
    "reporter": "Mirela Oprea <mirela.oprea@post.example>",
    "subject": "Anton Kowalczyk <anton@kowalczyk.example>",
    "witness": "Ulla Sjöberg <ulla@sjoberg.example>",
    "organiser": "Tove Riis <tove@havnekonf.example>",
    "board": "board@kreis.example",
    "outsider": "Ben Adler <ben@adler.example>",
    "member": "Ines Faro <ines@kreis.example>",
}
DECIDED: dict[str, Any] = {"stage": "decided", "reports": 4, "right_of_reply": "2026-01-05"}


def context(**case: Any) -> dict[str, Any]:
    """What is on record; ``case`` replaces keys of the case, ``status`` is the subject's."""
    status = case.pop("status", None)
    return {
        "conduct": ["care@kreis.example"],
        "members": [
            {"name": "Ines Faro", "addresses": ["ines@kreis.example"]},
            {"name": "Olu Adeyemi", "addresses": ["olu@kreis.example"]},
        ],
        "groups": [{"name": "Board", "address": "board@kreis.example", "role": "board"}],
        "organisers": [{"name": "Tove Riis", "addresses": ["tove@havnekonf.example"]}],
        "case": {
            "code": "quiet harbour",
            "reporters": [
                {
                    "name": "Mirela Oprea",
                    "addresses": ["mirela.oprea@post.example"],
                    "handles": ["miri_o", "Мирела Опря", "https://forum.kreis.example/u/mirela"],
                }
            ],
            "subjects": [
                {
                    "name": "Anton Kowalczyk",
                    "addresses": ["anton@kowalczyk.example"],
                    "handles": ["kowalant"],
                    "status": status,
                }
            ],
            "witnesses": [{"name": "Ulla Sjöberg", "addresses": ["ulla@sjoberg.example"], "handles": []}],
            **case,
        },
    }


@cache
def wording() -> tuple[Entry, ...]:
    return read_wording()


def letter(to: str, text: str, subject: str = "A letter", headers: str = "") -> bytes:
    """A plain letter to people of PEOPLE, their roles with blanks between."""
    people = ", ".join(PEOPLE[role] for role in to.split())
    return (
        f"From: Olu Adeyemi <olu@kreis.example>\nTo: {people}\nCc: care@kreis.example\nSubject: {subject}\n"
        f"Date: Mon, 12 Jan 2026 10:00:00 +0000\n{headers}MIME-Version: 1.0\n"
        f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n"
    ).encode()


def letter_with(to: str, name: str, kind: str, content: bytes) -> bytes:
    """A letter with a file."""
    mail = email.message.EmailMessage()
    mail["From"], mail["Subject"] = "Olu Adeyemi <olu@kreis.example>", "A letter"
    mail["To"], mail["Cc"] = ", ".join(PEOPLE[role] for role in to.split()), "care@kreis.example"
    mail["Date"] = "Mon, 12 Jan 2026 10:00:00 +0000"
    mail.set_content("Hello,\n\nour notes are attached.\n")
    main, _, sub = kind.partition("/")
    mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return mail.as_bytes()


def mail_from(who: str, text: str, message_id: str = "one@post.example", to: str = "care@kreis.example") -> bytes:
    """A mail that reached the committee."""
    return (
        f"From: {PEOPLE.get(who, who)}\nTo: {to}\nSubject: Hello\nMessage-ID: <{message_id}>\n"
        f"Date: Sun, 11 Jan 2026 08:00:00 +0000\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
    ).encode()


def findings(raw: bytes, stored: Sequence[bytes] = (), **case: Any) -> tuple[Finding, ...]:
    """What the check says of a draft."""
    known = parse_context(context(**case))
    earlier = [Stored(Draft(each), Via.CONDUCT) for each in stored]
    settings = Settings(wording=wording())
    return check(Checked(Draft(raw), known, earlier, date(2026, 1, 12), settings=settings)).findings


def rules(raw: bytes, stored: Sequence[bytes] = (), **case: Any) -> set[str]:
    """The rules that fire."""
    return {finding.rule for finding in findings(raw, stored, **case)}
