"""What was read out of one mail, as a value: apart from the rules of ``policies.intake``, which few programs need.

The rules are words and patterns of many languages; only the child that reads mail loads them.
"""

from __future__ import annotations

from datetime import datetime

from policies.case import Suggestion
from policies.mail import Address, Kind, Message
from policies.roster import MemberId
from policies.values import value


@value
class Intake:
    """What was read out of one mail.

    ``kind`` is as the mail alone shows it: a ``REPORT`` becomes a ``REPLY`` when it joins a thread.
    ``automatic_reason`` is a fixed word, empty for what people wrote.  ``sender`` is who wrote what the committee
    should know: of a mail that a member forwarded, whoever wrote the mail inside; ``claimed_date`` is what that
    mail says of its date.  ``sender_is_member`` is whether a member wrote the mail herself, so that the ids she gives
    join threads; what is inside a forwarded mail was written by others and joins only where its sender takes part.
    ``forward`` says how a forwarded mail came: "" (none), "attached" or "inline" (nothing of it is proved).
    ``names_members`` are to be kept out until another member lifts the hold, if the mail opens a thread;
    ``mentions_nickname`` are only flagged.  ``needs_eyes`` are fixed words.  ``own`` is mail of the committee.
    """

    kind: Kind
    automatic_reason: str = ""
    sender: Address | None = None
    sender_is_member: bool = False
    claimed_date: datetime | None = None
    forwarded_by: MemberId | None = None
    forward: str = ""
    forwarded_subject: str = ""
    suggestions: tuple[Suggestion, ...] = ()
    names_members: tuple[MemberId, ...] = ()
    mentions_nickname: tuple[MemberId, ...] = ()
    needs_eyes: tuple[str, ...] = ()
    own: bool = False

    def __repr__(self) -> str:
        """What it is, nothing of what it says."""
        return f"Intake({self.kind.value}, {len(self.suggestions)} suggestions)"

    def threading(self, message: Message) -> Message:
        """The mail whose ids tell where it belongs: the attached one of a forward, else ``message`` itself."""
        return message.inner[0] if self.forward == "attached" and message.inner else message
