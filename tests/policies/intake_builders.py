"""Invented members and mails for the tests of policies.intake."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any

from policies.intake import Intake, read
from policies.mail import Address, MailId, Message
from policies.roster import Member, MemberId, Period, Roster

ALWAYS = (Period(None, None),)
OVER = (Period(None, datetime(2026, 1, 1, tzinfo=UTC)),)
ROSTER = Roster(
    ("conduct@example.org", "coc@example.org"),
    (
        Member(MemberId("ines"), "Ines Brandvold", ("ines@example.org",), ("inesb",), ("Nessie",), ALWAYS),
        Member(MemberId("taro"), "Taro Kuroda", ("taro@example.org", "t.kuroda@gmail.com"), ("@kuro_t",), (), ALWAYS),
        Member(MemberId("zoe"), "Zoë de la Fuente", ("zoe@example.org",), ("zoe",), ("Zo",), ALWAYS),
        Member(MemberId("mei"), "林 美玲", ("mei@example.org",), (), (), ALWAYS),
        Member(MemberId("gone"), "Viggo Stern", ("viggo@example.org",), (), (), OVER),
    ),
)
SENDER = Address("Ada Quell", "ada.quell@example.net")
CONDUCT = Address("", "conduct@example.org")
INES = Address("Ines Brandvold", "ines@example.org")
OUTSIDER = Address("Lena Voss", "lena@example.com")
WRITTEN = datetime(2026, 6, 10, 22, 30, tzinfo=UTC)
# 2026-06-11 where she lives: what she calls yesterday is the 10th.
OWN_ZONE = (("date", "Thu, 11 Jun 2026 00:30:00 +0200"),)


def mail(text: str = "They shouted at me.", **changes: Any) -> Message:
    plain = Message(
        message_id="1@example.net",
        from_=(SENDER,),
        to=(CONDUCT,),
        subject="Noise",
        date=WRITTEN,
        text=text,
        hints=OWN_ZONE,
    )
    return dataclasses.replace(plain, **changes)


def taken(text: str = "They shouted at me.", **changes: Any) -> Intake:
    return read(mail(text, **changes), ROSTER, MailId("m1"))


def proposed(intake: Intake, field: str) -> list[str]:
    return [each.value for each in intake.suggestions if each.field == field]
