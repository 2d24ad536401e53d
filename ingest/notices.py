"""Mail of the program's own to members: fixed sentences, code names and counts, through the smarthost."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP as LINES
from email.utils import format_datetime, make_msgid

from ingest import smtp
from ingest.jobs import Service


def send(job: Service, subject: str, body: str, address: str) -> None:
    """Send one notice to one member; the caller has a smarthost.

    Raises Unavailable: the smarthost is out of reach; Refused: it does not take the mail.
    """
    assert job.settings.smtp is not None  # noqa: S101 - the caller has a smarthost
    mail = compose(job.settings.address, address, subject, body, job.now)
    smtp.send(job.settings.smtp, mail, job.settings.address, [address], job.environ)


def compose(sender: str, recipient: str, subject: str, body: str, now: datetime) -> bytes:
    """The mail, with a subject of one line whatever the template has."""
    mail = EmailMessage(policy=LINES)
    mail["From"], mail["To"], mail["Subject"] = sender, recipient, " ".join(subject.split())
    mail["Date"] = format_datetime(now.astimezone(UTC))
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's vacation answers it
    mail.set_content(body)
    return mail.as_bytes()
