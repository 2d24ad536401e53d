"""An invented report, its copies and its lookalikes, and tags made with a key of the test."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

from ingest.imap_expunge import MailTags
from ingest.parse_headers import message_id, split
from policies.mail import MailId
from records.expunge import Doomed

REPORT = (
    b"Received: by mx.example.org\r\nFrom: Ilse <ilse@example.net>\r\nMessage-ID: <report@example.net>\r\n"
    b"Subject: what happened\r\n\r\nHe shouted at the speaker.\r\n"
)
#: The same mail as a list handed it on: other headers, the same Message-ID, From and body.
LIST_COPY = REPORT.replace(b"Received: by mx.example.org", b"List-Id: <team.example.org>\r\nX-Loop: team")
OTHERS = [
    REPORT.replace(b"shouted", b"laughed"),  # the same Message-ID and size, other words
    REPORT.replace(b"<report@", b"<second@"),  # the same words under another Message-ID
    REPORT.replace(b"Ilse <ilse@", b"Olga <olga@"),  # the same Message-ID and words from somebody else
    b"From: a@example.net\r\nSubject: no id\r\n\r\n" + b"x" * 40 + b"\r\n",
]
NO_ID = b"From: b@example.net\r\nSubject: no id\r\n\r\n" + b"y" * 40 + b"\r\n"


class HmacTags:
    """Tags as the program makes them, with a key of the test."""

    @staticmethod
    def _tag(*parts: bytes) -> bytes:
        return hmac.digest(b"key", b"\0".join(hashlib.sha256(part).digest() for part in parts), "sha256")

    def of_message_id(self, message_id: str) -> bytes:
        return self._tag(b"id", message_id.encode())

    def of_mail(self, pieces: Iterable[bytes]) -> MailTags:
        content = b"".join(pieces)
        headers, body = split(content)
        name = message_id(headers)
        identity = self._tag(b"same", name.encode(), headers.first("from"), body) if name else None
        return MailTags(self._tag(b"content", content), identity)


TAGS = HmacTags()


def doomed(content: bytes, mail_id: str = "m1") -> Doomed:
    tags = TAGS.of_mail([content])
    name = message_id(split(content)[0])
    return Doomed(
        MailId(mail_id), TAGS.of_message_id(name) if name else None, len(content), tags.content, tags.identity
    )
