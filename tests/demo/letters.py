"""The invented mails of the demo, as they lie in a mailbox: CRLF, real-looking, about nobody."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

CONDUCT = "conduct@pelican.example"


def letter(
    sender: str, when: datetime, subject: str, text: str, message_id: str, *, to: str = CONDUCT, cc: str = "",
    answers: str = "", html: str = "", headers: tuple[tuple[str, str], ...] = (),
) -> EmailMessage:  # fmt: skip
    """One mail; with ``html`` it has no plain text at all."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    if cc:
        mail["Cc"] = cc
    mail["Date"], mail["Message-ID"] = format_datetime(when), f"<{message_id}>"
    if answers:
        mail["In-Reply-To"] = mail["References"] = f"<{answers}>"
    for name, value in headers:
        mail[name] = value
    if html:
        mail.set_content(html, subtype="html")
    else:
        mail.set_content(text)
    return mail


def forwarded(outer: EmailMessage, inner: EmailMessage) -> EmailMessage:
    """A member hands a mail in, attached as it came."""
    outer.make_mixed()
    outer.attach(_attached(inner))
    return outer


def _attached(inner: EmailMessage) -> EmailMessage:
    part = EmailMessage()
    part.set_content(inner)
    return part


def japanese(sender_name: str, address: str, when: datetime, message_id: str) -> bytes:
    """A report in ISO-2022-JP, the way most Japanese mail is still written."""
    subject = b64encode("勉強会での発言について".encode("iso-2022-jp")).decode()
    name = b64encode(sender_name.encode("iso-2022-jp")).decode()
    text = "昨日の勉強会で、@kumo_dev さんに発言を何度もさえぎられました。\r\n対応をお願いします。\r\n"
    head = (
        f"From: =?ISO-2022-JP?B?{name}?= <{address}>\r\nTo: {CONDUCT}\r\nSubject: =?ISO-2022-JP?B?{subject}?=\r\n"
        f"Date: {format_datetime(when)}\r\nMessage-ID: <{message_id}>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=ISO-2022-JP\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
    )
    return head.encode("ascii") + text.encode("iso-2022-jp")


def malformed() -> bytes:
    """No sender, no date, a part that never ends: it must be kept all the same."""
    return (
        b'Subject: =?x-unheard-of?B?4pyT?= help\r\nContent-Type: multipart/mixed; boundary="seam"\r\n\r\n'
        b"--seam\r\nContent-Type: text/plain; charset=nonsense\r\n\r\nsomebody please look at this \xff\xfe\r\n"
    )


def in_bytes(mail: EmailMessage) -> bytes:
    """As it travels."""
    return mail.as_bytes(policy=mail.policy.clone(linesep="\r\n"))
