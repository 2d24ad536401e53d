"""The rules on notes and wording over real reply chains: ``python -m tests.bench.replies PATH...``.

PATH is an mbox, a Maildir, or a folder of either or of .eml files.  For each reply whose parent is there too it says
how many that change nobody get a finding about notes (wanted: none), how many notes are explained by what changed,
and how often each wording rule speaks.  It prints numbers, never a word of a mail.
"""

from __future__ import annotations

import argparse
import mailbox
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from ingest.wording import read_wording
from policies.lint.change import Change
from policies.lint.check import check
from policies.lint.checked import Checked, Settings, Stored, Via
from policies.lint.context import Context
from policies.lint.context_file import parse_context
from policies.lint.draft import Draft
from policies.lint.mending import NOTE_RULES

PER = 1000
#: A list's archive knows no committee: nobody is a member, and the mailbox is on no mail.
CONTEXT: Context = parse_context({"conduct": ["conduct@none.invalid"]})
WORDING = Settings(wording=read_wording())
WORDING_RULES = frozenset({"voice-channel", "direct-contact", "legal-threat", "outcome-promise", "right-of-reply"})


def main(words: Sequence[str]) -> int:
    """0 when no reply that changes nobody gets a finding about notes, 1 when one does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", type=Path, nargs="+")
    parser.add_argument("--most", type=int, default=200_000, help="read no more mails than this")
    options = parser.parse_args(words)
    counted = count(raw for path in options.paths for raw in read_mails(path, options.most))
    for line in report(counted):
        print(line)
    return 1 if counted["unchanged with a note finding"] else 0


def read_mails(path: Path, most: int) -> Iterator[bytes]:
    """The mails of an mbox, a Maildir, or a folder, as bytes."""
    for number, raw in enumerate(_mails(path)):
        if number >= most:
            return
        yield raw


def _mails(path: Path) -> Iterator[bytes]:
    if path.is_dir() and (path / "cur").is_dir():
        yield from (file.read_bytes() for name in ("cur", "new") for file in sorted((path / name).glob("*")))
    elif path.is_dir():
        for each in sorted(path.iterdir()):
            yield from _mails(each)
    elif path.suffix == ".eml":
        yield path.read_bytes()
    else:
        yield from (message.as_bytes() for message in _mbox(path))


def _mbox(path: Path) -> Iterator[mailbox.mboxMessage]:
    archive = mailbox.mbox(path, create=False)
    try:
        yield from archive
    finally:
        archive.close()


def count(mails: Iterator[bytes]) -> Counter[str]:
    """What the rules say of them, added up."""
    counted: Counter[str] = Counter()
    known: dict[str, Draft] = {}
    waiting: list[Draft] = []
    for raw in mails:
        draft = Draft(raw)
        counted["mails"] += 1
        counted.update(f"says {rule}" for rule in wording_findings(draft, CONTEXT))
        if draft.message_id:
            known.setdefault(draft.message_id, draft)
        if draft.in_reply_to:
            waiting.append(draft)
    for reply in waiting:
        parent = next((known[one] for one in reply.in_reply_to if one in known), None)
        if parent is not None and parent is not reply:
            counted.update(_judged(reply, parent))
    return counted


def wording_findings(draft: Draft, context: Context) -> Iterator[str]:
    """The wording rules that speak of a mail, one for each finding."""
    checked = Checked(draft, context, [], datetime.now(UTC).date(), settings=WORDING)
    for finding in check(checked).findings:
        if finding.rule in WORDING_RULES or finding.rule.startswith(("word-", "organiser-")):
            yield finding.rule


def _judged(reply: Draft, parent: Draft) -> Iterator[str]:
    checked = Checked(reply, CONTEXT, [Stored(parent, Via.CONDUCT)], datetime.now(UTC).date())
    change = Change(checked)
    found = {each.rule for each in check(checked).findings} & NOTE_RULES
    is_noted = any(note.is_top and not note.bracket.is_bare for note in change.notes)
    yield "replies"
    if not (change.changes.added or change.changes.removed):
        yield "unchanged"
        if found - {"note-false"} or (found and not is_noted):
            yield "unchanged with a note finding"
        return
    yield "changed"
    if is_noted:
        yield "noted"
        if not found:
            yield "noted and explained"


def report(counted: Counter[str]) -> Iterator[str]:
    """The numbers in lines."""
    yield f"{counted['mails']} mails, {counted['replies']} replies whose parent is here."
    wrong = counted["unchanged with a note finding"]
    yield f"{counted['unchanged']} change no recipient; {wrong} of them get a note finding (wanted: 0)."
    share = counted["noted and explained"] / counted["noted"] if counted["noted"] else 0
    yield (
        f"{counted['changed']} change recipients; {counted['noted']} of them carry a note, of which"
        f" {counted['noted and explained']} are fully explained ({share:.0%})."
    )
    for name in sorted(name for name in counted if name.startswith("says ")):
        yield f"  {name[5:]:20} {PER * counted[name] / counted['mails']:7.2f} findings per {PER} mails"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
