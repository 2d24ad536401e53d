"""Mail as values: addresses, messages, attachments; nothing here prints what it holds."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import NewType

from policies.values import value

MailId = NewType("MailId", str)


class Kind(Enum):
    """What a stored mail is.

    ``REPORT`` opens a thread (whether it really is a report, a member says), ``REPLY`` joined a thread,
    ``FORWARD`` was handed in by a member, ``SENT`` is the committee's own, ``OTHER`` needs a person's eyes.
    """

    REPORT = "report"
    REPLY = "reply"
    FORWARD = "forward"
    SENT = "sent"
    AUTOMATIC = "automatic"
    BOUNCE = "bounce"
    OTHER = "other"


@value
class Address:
    """One mailbox as written: display name (may be empty) and ``local@domain``."""

    name: str
    address: str

    def __repr__(self) -> str:
        """Nothing of the person."""
        return "Address(…)"


@value
class Attachment:
    """What an attached part says of itself; its content stays in the sealed mail."""

    filename: str
    content_type: str

    def __repr__(self) -> str:
        """Nothing of the file."""
        return f"Attachment({self.content_type})"


@value
class Bounce:
    """What a delivery report says: whose mail failed, and the Message-ID of the mail that bounced, if given."""

    failed: tuple[str, ...]
    original_id: str

    def __repr__(self) -> str:
        """Nothing of the recipients."""
        return f"Bounce({len(self.failed)} recipients)"


@value
class Message:
    """A mail as read by the limited child.

    Message-IDs are without angle brackets, empty where missing.  ``date`` is the sender's claim (aware, UTC;
    None where unreadable); when a mail arrived is known only from IMAP's INTERNALDATE.  ``text`` is what a mail
    program displays, as plain text with ``\\n`` line ends; quoted lines keep their ``>``.  ``hints`` maps the
    lower-case names of the few headers that tell machines from people (``auto-submitted``, ``precedence``, ...)
    to their value.  ``from_headers`` counts From headers: two are suspicious.  ``inner`` are mails attached as
    message/rfc822, first level only.  ``defects`` are short fixed words of ours, never text of the mail.
    """

    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    from_: tuple[Address, ...] = ()
    sender: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    subject: str = ""
    date: datetime | None = None
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    inner: tuple[Message, ...] = ()
    hints: tuple[tuple[str, str], ...] = ()
    bounce: Bounce | None = None
    calendar_method: str = ""
    from_headers: int = 1
    defects: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """How much there is, and nothing of it."""
        return f"Message({len(self.text)} characters, {len(self.attachments)} attachments)"

    def hint(self, name: str) -> str:
        """The value of a machine header by lower-case name, empty where absent."""
        return next((value for key, value in self.hints if key == name), "")

    @property
    def participants(self) -> tuple[Address, ...]:
        """Everybody who visibly takes part: From, Sender, Reply-To, To, Cc, in that order."""
        return self.from_ + self.sender + self.reply_to + self.to + self.cc
