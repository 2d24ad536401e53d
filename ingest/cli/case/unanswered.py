"""How the mails of ours that nobody answered are shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from records.answering import Waiting
from templates import counted, listed


def unanswered_lines(found: Sequence[dict[str, Any]]) -> Iterator[str]:
    """For people, one a line; nothing where everything is answered."""
    if found:
        yield ""
        yield "No answer in the mailbox"
    for each in found:
        people = list(dict.fromkeys(one["role"] or one["address"] for one in each["to"]))
        line = f"  {each['mail']}  sent {each['sent']:%Y-%m-%d} to {listed(people)}"
        if each["not_delivered"]:
            line += f"; not delivered to {listed(each['not_delivered'])}"
        if each["later_mail_closed_to_you"]:
            line += f"; {counted(each['later_mail_closed_to_you'], 'later mail')} closed to you"
        yield line


def unanswered_json(found: Sequence[Waiting]) -> list[dict[str, Any]]:
    """For programs."""
    return [
        {
            "mail": each.about.mail,
            "sent": each.about.at,
            "to": [
                {"address": one.address, "role": role or None}
                for role, one in zip(each.roles, each.about.to, strict=True)
            ],
            "not_delivered": [one.address for one in each.about.failed],
            "later_mail_closed_to_you": each.unread,
        }
        for each in found
    ]
