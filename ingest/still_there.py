"""Mails on record as they still lie in the mailbox: what the service may look at, which holds nobody's key."""

from __future__ import annotations

import contextlib
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from ingest.mailbox import Mailbox
from ingest.tagging import tags_of
from policies.errors import Unavailable
from policies.lint.draft import Draft
from policies.mail import MailId
from records import finding
from records.finding import Lying
from records.store import Transaction
from records.tags import Tags

#: Larger mails are not fetched for a comparison.
MOST_BYTES: Final = 64 * 1024 * 1024
#: Mails kept in memory for the next look, and how large all together may be.
_KEPT_BYTES: Final = 32 * 1024 * 1024


class StillThere:
    """Fetches mails by where they were taken in from, and believes only the bytes that were taken in.

    ``connect`` opens a connection of its own, which is kept from look to look and dropped by ``close``.  One thread
    at a time.
    """

    def __init__(self, connect: Callable[[], Mailbox], mailbox: str, tags: Tags) -> None:
        self._connect = connect
        self._name = mailbox
        self._tags = tags
        self._mailbox: Mailbox | None = None
        self._read: OrderedDict[MailId, Draft] = OrderedDict()

    def drafts(self, transaction: Transaction, mails: Sequence[MailId]) -> dict[MailId, Draft]:
        """Those of the mails that still lie where they were taken in from; what moved or went is left out.

        Raises Unavailable: the mailbox failed.
        """
        found = {each: self._read[each] for each in mails if each in self._read}
        lying = finding.lying(transaction, self._name, [each for each in mails if each not in found])
        try:
            for each, raw in self._fetched(lying):
                found.setdefault(each, Draft(raw))
        except Unavailable:
            self.close()
            raise
        self._keep(found)
        return found

    def close(self) -> None:
        """Drop the connection and what was read."""
        self._read.clear()
        if self._mailbox is not None:
            self._mailbox.close()
            self._mailbox = None

    def _fetched(self, lying: Sequence[Lying]) -> Iterator[tuple[MailId, bytes]]:
        """Folder by folder, each with the UIDs of the time when the mail was taken in."""
        for folder in dict.fromkeys(each.folder for each in lying):
            here = {each.uid: each for each in lying if each.folder == folder and each.size <= MOST_BYTES}
            mailbox = self._mailbox = self._mailbox or self._connect()
            with contextlib.suppress(_Gone):
                uidvalidity = _select(mailbox, folder)
                wanted = [uid for uid, each in here.items() if each.uidvalidity == uidvalidity]
                for uid in wanted:  # one at a time: a thread may hold several large ones
                    for _, raw in mailbox.fetch_whole([uid]):
                        if raw is not None and tags_of([raw], self._tags).content == here[uid].content_tag:
                            yield here[uid].mail, raw

    def _keep(self, found: dict[MailId, Draft]) -> None:
        self._read.update(found)
        while self._read and sum(len(each.raw) for each in self._read.values()) > _KEPT_BYTES:
            self._read.popitem(last=False)


class _Gone(Exception):
    """The folder is not there any more."""


def _select(mailbox: Mailbox, folder: str) -> int:
    try:
        return mailbox.select(folder).uidvalidity
    except Unavailable as error:
        if error.code == "no-such-folder":
            raise _Gone from None
        raise
