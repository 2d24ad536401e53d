"""Looking through the drafts folder: which drafts have come to rest, what the gate says of them, and the notes.

Mail programs save a draft again and again, each time as a new mail with a new UID.  So a draft is checked when its
UID has stood for a while; a note belongs to the bytes that were checked, and goes when no draft has them any more.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from ingest.drafts import note
from ingest.gate.ruling import Judged, Ruling
from ingest.mailbox import Deletion, Mailbox, Selected, batches
from policies.errors import Unavailable
from policies.lint.draft import Draft
from records.tags import Tags

#: How long a UID must have stood before its draft is checked: mail programs save every few seconds.
REST_SECONDS: Final = 20.0
#: After so long a verdict is asked for again: a permission or a fact on record may have changed it.
AGAIN_SECONDS: Final = 600.0
#: What is larger could not be sent either; it is not fetched.
MOST_BYTES: Final = 64 * 1024 * 1024
WRONG: Final = "$ConductLintError"
RIGHT: Final = "$ConductLintOK"
#: A note with no draft flag: mail programs offer to go on writing what has one.
_FLAGS: Final = ("\\Seen",)
_NEEDS_NOTE: Final = frozenset({Ruling.REFUSED, Ruling.UNCHECKED, Ruling.WARNED})
_IN_ORDER: Final = frozenset({Ruling.PASSED, Ruling.WITHOUT_CASE})
#: What a note is on whose draft is in order, or whose words have become others.
_NO_DRAFT: Final = "none"

Judge = Callable[[Draft], Judged]


@dataclasses.dataclass(slots=True, repr=False)
class _Seen:
    """A mail of the folder: since when it stands there (seconds of a steady clock), and what it turned out to be.

    ``digest`` is empty until it was read; ``note_of`` names the draft that it is our note on.  ``keyword`` is the one
    it was given last.
    """

    since: float
    digest: str = ""
    note_of: str | None = None
    checked_at: float | None = None
    keyword: str = ""

    def __repr__(self) -> str:
        """Nothing of the mail."""
        return f"_Seen(note={self.note_of is not None})"


@dataclasses.dataclass(frozen=True, slots=True)
class Watched:
    """What a look came to: drafts checked, notes written and taken away, and whether notes could not be taken away."""

    checked: int = 0
    written: int = 0
    removed: int = 0
    stuck: int = 0


class DraftsWatch:
    """The watch over one mailbox's drafts, from look to look; what it knows is read again after a restart.

    ``steady`` tells the seconds of a clock that nobody sets, ``rest`` is how long a draft must have stood.
    """

    def __init__(self, tags: Tags, templates: Path, steady: Callable[[], float], rest: float = REST_SECONDS) -> None:
        self._tags = tags
        self._templates = templates
        self._steady = steady
        self._rest = rest
        self._place: tuple[str, int] | None = None
        self._seen: dict[int, _Seen] = {}
        self._stuck: set[int] = set()

    def look(self, mailbox: Mailbox, folder: str, now: datetime, judge: Judge) -> Watched:
        """Look through the folder once; ``judge`` rules on a draft.

        Raises Unavailable: the mailbox failed; the next look starts from there.
        """
        selected = mailbox.select(folder, readonly=False)
        self._settle(folder, selected, mailbox.all_uids())
        self._read_new(mailbox)
        due = [uid for uid, seen in self._seen.items() if self._is_due(seen)]
        written = sum(self._check(mailbox, selected, uid, now, judge) for uid in due)
        removed, stuck = self._remove_orphans(mailbox)
        return Watched(len(due), written, removed, stuck)

    @property
    def seconds_to_next(self) -> float | None:
        """In how many seconds a draft will have come to rest; None where all that is there was checked."""
        waiting = [seen.since for seen in self._seen.values() if seen.note_of is None and seen.checked_at is None]
        return max(0.0, min(waiting) + self._rest - self._steady()) if waiting else None

    def _settle(self, folder: str, selected: Selected, uids: Sequence[int]) -> None:
        """Forget what is gone; a folder whose UIDs were given out anew is a new folder."""
        place = (folder, selected.uidvalidity)
        known = self._seen if self._place == place else {}
        now = self._steady()
        self._place = place
        self._seen = {uid: known.get(uid) or _Seen(now) for uid in uids}

    def _read_new(self, mailbox: Mailbox) -> None:
        """Read each mail once, when it is first seen: it may be a note, whose draft may be gone."""
        new = [uid for uid, seen in self._seen.items() if not seen.digest]
        for uid, draft in _fetched(mailbox, new):
            seen = self._seen[uid]
            seen.digest, seen.note_of = draft.digest, note.draft_of(draft, self._tags)

    def _is_due(self, seen: _Seen) -> bool:
        if seen.note_of is not None or not seen.digest:
            return False
        now = self._steady()
        if seen.checked_at is None:
            return now - seen.since >= self._rest
        return now - seen.checked_at >= AGAIN_SECONDS

    def _check(self, mailbox: Mailbox, selected: Selected, uid: int, now: datetime, judge: Judge) -> int:
        """Rule on one draft, mark it, and see that the right note stands beside it; how many notes were written."""
        for _, draft in _fetched(mailbox, [uid]):
            judged = judge(draft)
            seen = self._seen[uid]
            seen.checked_at = self._steady()
            self._mark(mailbox, selected, uid, seen, judged)
            return self._see_to_note(mailbox, draft, judged, now)
        return 0

    def _mark(self, mailbox: Mailbox, selected: Selected, uid: int, seen: _Seen, judged: Judged) -> None:
        """The keyword, where the server keeps keywords and the folder may be changed."""
        keyword = WRONG if judged.ruling in _NEEDS_NOTE else RIGHT if judged.ruling in _IN_ORDER else ""
        if selected.read_only or keyword == seen.keyword or not _keeps(selected, (WRONG, RIGHT)):
            return
        others = tuple(word for word in (WRONG, RIGHT) if word != keyword)
        mailbox.mark([uid], add=(keyword,) if keyword else (), remove=others)
        seen.keyword = keyword

    def _see_to_note(self, mailbox: Mailbox, draft: Draft, judged: Judged, now: datetime) -> int:
        assert self._place is not None  # noqa: S101 - a folder is open
        notes = [uid for uid, seen in self._seen.items() if seen.note_of == draft.digest]
        if judged.ruling not in _NEEDS_NOTE:
            for uid in notes:
                self._seen[uid].note_of = _NO_DRAFT
            return 0
        wanted = note.compose(draft, judged, self._tags, self._templates)
        digest = Draft(wanted).digest
        standing = [uid for uid in notes if self._seen[uid].digest == digest]
        for uid in notes:
            if uid not in standing[:1]:
                self._seen[uid].note_of = _NO_DRAFT
        if standing:
            return 0
        appended = mailbox.append(self._place[0], wanted, now, _FLAGS)
        if appended is not None:
            self._seen[appended] = _Seen(self._steady(), digest, draft.digest)
        return 1

    def _remove_orphans(self, mailbox: Mailbox) -> tuple[int, int]:
        """Take away the notes whose draft is gone, changed or in order; how many went, and how many could not."""
        drafts = {seen.digest for seen in self._seen.values() if seen.note_of is None}
        orphans = [uid for uid, seen in self._seen.items() if seen.note_of is not None and seen.note_of not in drafts]
        orphans = [uid for uid in orphans if uid not in self._stuck]
        if not orphans:
            return 0, 0
        if mailbox.delete(orphans) is not Deletion.DONE:
            self._stuck.update(orphans)  # a server without UIDPLUS will not do it the next time either
            return 0, len(orphans)
        for uid in orphans:
            del self._seen[uid]
        return len(orphans), 0


def _fetched(mailbox: Mailbox, uids: Sequence[int]) -> Iterable[tuple[int, Draft]]:
    """Those of the mails that are still there and not too large, in batches."""
    sizes = [one for one in mailbox.overview(uids).values() if one is not None and one.size <= MOST_BYTES]
    for batch in batches(sizes):
        for uid, raw in mailbox.fetch_whole([one.uid for one in batch]):
            if raw is not None:
                yield uid, Draft(raw)


def drafts_folder(mailbox: Mailbox, configured: str | None) -> str | None:
    """The folder to watch: the configured one, else the one for drafts (RFC 6154); None where there is none.

    Raises Unavailable: the configured one is missing.
    """
    folders = mailbox.folders()
    if configured is not None:
        if any(folder.name == configured for folder in folders):
            return configured
        raise Unavailable(
            "no-such-folder",
            "The mailbox has no folder of the name that imap.drafts gives.",
            "Mend imap.drafts in conduct.toml; `conduct doctor` lists what there is.",
        )
    return next((folder.name for folder in folders if "\\Drafts" in folder.special), None)


def _keeps(selected: Selected, words: Sequence[str]) -> bool:
    """Whether the folder keeps keywords of our choice (RFC 9051 section 7.1, PERMANENTFLAGS)."""
    return "\\*" in selected.permanentflags or all(word in selected.permanentflags for word in words)
