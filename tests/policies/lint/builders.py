"""A committee, an earlier mail and drafts that answer it, for the rules of the outgoing check."""

from __future__ import annotations

import datetime as dt
from typing import Any

from policies.lint.check import lint
from policies.lint.checked import Settings, Stored, Via
from policies.lint.context_file import parse_context
from policies.lint.draft import Draft

CONTEXT: dict[str, Any] = {
    "conduct": ["care@club.example.org"],
    "conduct_aliases": ["safety@club.example.org"],
    "members": [
        {"name": "Ines Faro", "addresses": ["ines@club.example.org", "ines@faro.example.net"], "nicknames": ["Nes"]},
        {"name": "Otto Lind", "addresses": ["otto@club.example.org"]},
    ],
    "groups": [{"name": "Club Board", "address": "board@club.example.org", "role": "board"}],
    "organisers": [{"name": "Mira Sand", "addresses": ["mira@fest.example.com"]}],
    "case": {
        "code": "silver lantern",
        "reporters": [{"name": "Dana Okoye", "addresses": ["dana@okoye.example.net"], "handles": ["dana_makes"]}],
        "subjects": [{"name": "Ruben Vale", "addresses": ["ruben@vale.example.com"]}],
        "witnesses": [],
        "recused": [],
    },
}
ANSWERED = (
    b"From: Mira Sand <mira@fest.example.com>\r\nTo: care@club.example.org\r\nCc: Paul Dorn <paul@dorn.example.com>\r\n"
    b"Subject: A question\r\nDate: Mon, 02 Mar 2026 08:00:00 +0000\r\nMessage-ID: <a1@fest.example.com>\r\n\r\n"
    b"Which form do we use?\r\n"
)
ON = dt.date(2026, 3, 3)


def draft(
    body: str = "Hello Mira,\n\nthe short one.\n",
    *,
    to: str = "Mira Sand <mira@fest.example.com>",
    cc: str = "care@club.example.org, Paul Dorn <paul@dorn.example.com>",
    subject: str = "Re: A question",
    writer: str = "Ines Faro <ines@club.example.org>",
    answers: str = "<a1@fest.example.com>",
    extra: str = "",
    kind: str = "text/plain; charset=utf-8",
) -> bytes:
    """A draft; the defaults answer ANSWERED to all, with nobody changed."""
    head = f"From: {writer}\nTo: {to}\n" + (f"Cc: {cc}\n" if cc else "")
    head += f"Subject: {subject}\nDate: Tue, 03 Mar 2026 09:00:00 +0000\n" + (
        f"In-Reply-To: {answers}\n" if answers else ""
    )
    return f"{head}{extra}MIME-Version: 1.0\nContent-Type: {kind}\n\n{body}".encode()


def findings(
    raw: bytes, *, via: Via = Via.CONDUCT, context: dict[str, Any] | None = None, **settings: Any
) -> list[Any]:
    """What the check finds, words of the wording files aside."""
    known = parse_context({**CONTEXT, **(context or {})})
    return list(lint(raw, known, [Stored(Draft(ANSWERED), via)], ON, settings=Settings(**settings)).findings)


def rules(raw: bytes, **options: Any) -> set[str]:
    """The rules that fire."""
    return {finding.rule for finding in findings(raw, **options)}
