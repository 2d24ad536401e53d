"""Invented mails for the tests of the mailbox."""

from __future__ import annotations


def mail(number: int, body: bytes = b"We saw it.\r\n") -> bytes:
    """An invented mail."""
    return (
        b"From: Ilse <ilse@example.net>\r\nMessage-ID: <%d@example.net>\r\nSubject: %d\r\n\r\n" % (number, number)
        + body
    )


#: 2.7 MB, no two lines alike.
LARGE = mail(99, b"".join(b"%07d\r\n" % line for line in range(300_000)))
