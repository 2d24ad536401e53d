"""The rules on notes and wording over real reply chains: ``make bench ARCHIVE=PATH``.

PATH is an mbox, a Maildir, or a folder of either or of .eml files, of any size: of its mails only where they lie is
kept in memory, and each is read when its turn comes.  For each reply whose parent is there too it says how many that
change nobody get a finding about notes (wanted: none), how many notes are explained by what changed, and how often
each wording rule would speak, whoever the mail were to.  It prints numbers, never a word of a mail.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ingest.archives.looking import Archives, OldMail, look
from ingest.wording import read_wording
from policies.errors import UnreadableInput
from policies.lint.change import Change
from policies.lint.check import check
from policies.lint.checked import Checked, Settings, Stored, Via
from policies.lint.context import Context
from policies.lint.context_file import parse_context
from policies.lint.draft import Draft
from policies.lint.mending import NOTE_RULES
from policies.lint.own_words import OwnWords
from policies.lint.phrases import Effort
from policies.lint.recipients import check_recipients
from policies.lint.rules import RULES
from policies.lint.verdict import Severity
from policies.lint.wording import Wording

PER: Final = 1000
_EACH_SECONDS: Final = 5.0
_EMPTY_LINE: Final = b"\r\n\r\n"
#: A list's archive knows no committee: nobody is a member, and the mailbox is on no mail.
CONTEXT: Final[Context] = parse_context({"conduct": ["conduct@none.invalid"]})
#: Of what is missing from a letter to organisers, and of hints, an archive can say nothing.
_ENTRIES: Final = tuple(
    entry
    for entry in read_wording()
    if entry.id != "organiser-choice" and RULES[entry.id].severity is not Severity.INFO
)
WORDING: Final = Settings(wording=read_wording())
WORDING_RULES: Final = frozenset({"organiser-choice", *(entry.id for entry in _ENTRIES)})


def main(paths: Sequence[Path], most: int | None = None) -> int:
    """0 when no reply that changes nobody gets a finding about notes, 1 when one does, 3 when there is no mail."""
    try:
        archives = look(paths, datetime.now(UTC))
    except UnreadableInput as error:
        print(f"{error.sentence} {error.hint}", file=sys.stderr)
        return 3
    counted = count(archives, archives.mails[:most], _Progress())
    for line in report(counted):
        print(line)
    return 1 if counted["unchanged with a note finding"] else 0


class _Progress:
    """A line now and then on standard error, so that a large archive is seen to get on."""

    def __init__(self) -> None:
        self._said = time.monotonic()

    def __call__(self, what: str, done: int, total: int) -> None:
        if time.monotonic() - self._said >= _EACH_SECONDS:
            self._said = time.monotonic()
            print(f"  {what}: {done:,} of {total:,} mails", file=sys.stderr, flush=True)


def count(archives: Archives, mails: Sequence[OldMail], progress: Callable[[str, int, int], None]) -> Counter[str]:
    """What the rules say of them, added up."""
    counted: Counter[str] = Counter()
    where = _by_message_id(archives, mails, progress)
    wording = Wording(_ENTRIES)
    for number, mail in enumerate(mails):
        progress("checked", number, len(mails))
        draft = Draft(b"".join(archives.pieces(mail)))
        counted["mails"] += 1
        counted.update(f"says {rule}" for rule in _spoken(draft, wording))
        parent = _parent(archives, mails, where, draft, number)
        if parent is not None:
            counted.update(_judged(draft, parent))
    return counted


def _by_message_id(
    archives: Archives, mails: Sequence[OldMail], progress: Callable[[str, int, int], None]
) -> dict[int, int]:
    """For the hash of each Message-ID the mail's number: the ids of a large archive would fill the memory."""
    where: dict[int, int] = {}
    for number, mail in enumerate(mails):
        progress("looked through", number, len(mails))
        head = next(archives.pieces(mail), b"").partition(_EMPTY_LINE)[0]
        message_id = Draft(head + _EMPTY_LINE).message_id
        if message_id:
            where.setdefault(hash(message_id), number)
    return where


def _parent(
    archives: Archives, mails: Sequence[OldMail], where: dict[int, int], draft: Draft, own: int
) -> Draft | None:
    for one in draft.in_reply_to:
        number = where.get(hash(one), own)
        if number != own:
            found = Draft(b"".join(archives.pieces(mails[number])))
            return found if found.message_id == one else None
    return None


def _spoken(draft: Draft, wording: Wording) -> Iterator[str]:
    """The rules that would speak of a mail, once for each of the words that they name."""
    wording.effort = Effort()
    found = {
        (match.entry.id, own.written(match.start, match.end).casefold())
        for own in map(OwnWords, draft.texts)
        for sentence in own.sentences
        for match in wording.matches(sentence)
    }
    return (rule for rule, _ in found)


def wording_findings(draft: Draft, context: Context) -> Iterator[str]:
    """The wording rules that speak of a mail to those whom it is to, one for each finding."""
    checked = Checked(draft, context, [], datetime.now(UTC).date(), settings=WORDING)
    return (finding.rule for finding in check(checked).findings if finding.rule in WORDING_RULES)


def _judged(reply: Draft, parent: Draft) -> Iterator[str]:
    checked = Checked(reply, CONTEXT, [Stored(parent, Via.CONDUCT)], datetime.now(UTC).date())
    change = Change(checked)
    found = {each.rule for each in check_recipients(checked)} & NOTE_RULES
    is_noted = any(note.is_top and not note.bracket.is_bare for note in change.notes)
    yield "replies"
    if not (change.changes.added or change.changes.removed):
        yield "unchanged"
        if is_noted and found <= {"note-false"}:
            yield "unchanged and noted"
        elif found:
            yield "unchanged with a note finding"
        return
    yield "changed"
    if is_noted:
        yield "noted"
        if not found:
            yield "noted and explained"


def report(counted: Counter[str]) -> Iterator[str]:
    """The numbers in lines."""
    yield f"{counted['mails']:,} mails, {counted['replies']:,} replies whose parent is here."
    wrong = counted["unchanged with a note finding"]
    yield f"{counted['unchanged']:,} change no recipient; {wrong} of them get a finding about notes (wanted: 0)."
    if counted["unchanged and noted"]:
        yield f"{counted['unchanged and noted']} more of them carry a note that says something else."
    share = counted["noted and explained"] / counted["noted"] if counted["noted"] else 0
    yield (
        f"{counted['changed']:,} change recipients; {counted['noted']:,} of them carry a note, of which"
        f" {counted['noted and explained']:,} are fully explained ({share:.0%})."
    )
    yield f"Findings per {PER:,} mails, had each been written to those for whom the rule is:"
    for rule in sorted(WORDING_RULES - {"organiser-choice"}):
        yield f"  {rule:20} {PER * counted[f'says {rule}'] / counted['mails']:8.2f}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", type=Path, nargs="+")
    parser.add_argument("--most", type=int, help="take no more mails than this, the oldest first")
    options = parser.parse_args()
    sys.exit(main(options.paths, options.most))
