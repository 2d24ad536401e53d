"""What a member handed in: the mail within hers, attached or pasted by her mail program, and whose words count."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

from policies.case import Suggestion
from policies.forwards import ForwardBlock, forwarded
from policies.intake import kinds
from policies.intake.proposals import own_zone
from policies.mail import Address, MailId, Message
from policies.roster import Roster

_MOST_LEVELS = 5
# A dashed line, an empty one and the subject may stand above the sender of a pasted mail.
_MOST_ABOVE = 4
_ANSWERS = ("re:", "aw:", "sv:", "re ", "antw")


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Told:
    """Whose words count in a mail, and where they stand: ``offset`` lines further down than counted in ``text``.

    ``block`` is the header that a program printed above a pasted mail.
    """

    message: Message
    text: str
    sender: Address | None
    written: datetime | None
    offset: int = 0
    block: ForwardBlock | None = None

    def __repr__(self) -> str:
        """Nothing of it."""
        return "Told(…)"

    def subject(self) -> str:
        """The subject of the mail whose words count."""
        return self.block.subject if self.block else self.message.subject

    def dated(self, mail: MailId) -> Suggestion | None:
        """The day on which it was written, with the words that say so."""
        if self.written is None:
            return None
        day = f"{self.written:%Y-%m-%d}"
        if self.block is not None:
            return Suggestion("date_of_first_report", day, self.block.date, self.block.date_line, mail)
        return Suggestion("date_of_first_report", day, f"Date: {self.message.hint('date')[:100].strip()}", 0, mail)


def first(message: Message) -> Address | None:
    """Who a mail says has written it."""
    return next((each for each in (*message.from_, *message.sender) if each.address or each.name), None)


def mail_within(message: Message, roster: Roster) -> Told | None:
    """The mail that a member handed in; of one that another member had forwarded to her, the innermost.

    What an outsider forwarded to her is that outsider's mail: she may write into it what she likes.
    """
    if message.inner:
        inner = message.inner[0]
        told = Told(inner, inner.text, first(inner), inner.date)
    else:
        block = forwarded(message.text, own_zone(message))
        if block is None or not _is_handed_in(message, block):
            return None
        told = _pasted(message, block)
    for _ in range(_MOST_LEVELS):
        deeper = _deeper(told, roster)
        if deeper is None:
            break
        told = deeper
    return told


def _deeper(told: Told, roster: Roster) -> Told | None:
    """The mail within one that a member wrote."""
    if told.sender is None or not is_ours(told.sender, roster):
        return None
    block = forwarded(told.text, _zone(told))
    if block is None or not (block.from_.address or block.from_.name):
        return None
    if _answers(told.subject()):  # below an answer stands what it answers, not what it hands on
        return None
    return _pasted(told.message, block.within(told.block) if told.block else block)


def words_above(message: Message) -> str:
    """What a forwarder wrote herself: all above the lines that her program printed over the mail it pasted."""
    block = forwarded(message.text)
    if block is None:
        return message.text
    lines = message.text.split("\n")[: min(filter(None, (block.from_line, block.date_line)), default=1) - 1]
    above = [at for at, line in enumerate(lines) if line.startswith("-----") and len(lines) - at <= _MOST_ABOVE]
    return "\n".join(lines[: above[0]] if above else lines)


def is_ours(sender: Address, roster: Roster) -> bool:
    """Whether an address is a present member's or the mailbox's own."""
    stand_in = Message(from_=(sender,))
    return kinds.writer(stand_in, roster) is not None or kinds.is_from_conduct(stand_in, roster)


def _zone(told: Told) -> timedelta | None:
    return own_zone(told.message) if told.block is None else None


def _pasted(message: Message, block: ForwardBlock) -> Told:
    return Told(message, block.text, block.from_, block.written, block.first_line - 1, block)


def _answers(subject: str) -> bool:
    return subject.strip()[:4].casefold().startswith(_ANSWERS)


def _is_handed_in(message: Message, block: ForwardBlock) -> bool:
    """Some programs put the same header lines above the mail they answer: that is the committee's own mail.

    Among members it is an answer when it has an answer's subject; the mail answered is then known anyhow.
    """
    return bool(block.from_.address or block.from_.name) and not (_answers(message.subject) and message.in_reply_to)
