"""``conduct member add``: a member lets a newcomer in."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option, say
from ingest.cli.parameters import DAY
from ingest.desk import at_desk
from ingest.founding import term_start
from policies.errors import UnreadableInput, WrongUsage
from records import joining
from records.joining import Admitted
from records.vault.identity import Newcomer, read_introduction, spoken_words

_MAX_BLOCK = 1 << 16


@click.command("add")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--since", type=DAY, metavar="DATE", help="When she joined, if not today; she gets the mail since then.")
@format_option()
@pass_session
def command(session: Session, file: Path, since: date | None) -> None:
    """Add whoever the block in FILE (- is standard input) introduces: she can open every record, but no older mail.

    Compare the eight words with her by voice: they alone tell that the block is hers.
    """
    newcomer = read_block(file)
    with at_desk(session) as desk, desk.acting() as transaction:
        starts = term_start(since or desk.today, desk.today)
        admitted = joining.admit(transaction, desk.keyring, newcomer, starts, desk.now)
    emit(session, "\n".join(sentences(admitted)), answer(admitted))
    say("If the words differ, remove her at once: conduct member remove.")


def read_block(file: Path) -> Newcomer:
    """Who the block in a file introduces; ``-`` is standard input.

    Raises UnreadableInput: no such block; WrongUsage: no such file.
    """
    if str(file) == "-":
        return _parsed(sys.stdin.buffer.read(_MAX_BLOCK + 1))
    try:
        with file.expanduser().open("rb") as opened:
            return _parsed(opened.read(_MAX_BLOCK + 1))
    except OSError as error:
        raise WrongUsage("unreadable-file", f"{file} cannot be read: {error.strerror}.") from None


def sentences(admitted: Admitted) -> list[str]:
    """What a member should know of whom she let in."""
    member = admitted.enrolled.member
    words = spoken_words(admitted.enrolled.public.fingerprint)
    found = [
        f"{member.name} is on the committee.  {admitted.granted} records and mails were granted to her.",
        f"Compare these words with her by voice: {' '.join(words)}",
    ]
    if admitted.owed:
        found.insert(1, f"{admitted.owed} are owed to her, until a member works here who can open them.")
    if admitted.returns:
        found.insert(1, "She was a member before: the mail of her earlier terms is hers to read again.")
    return found


def answer(admitted: Admitted) -> dict[str, object]:
    """The same for a program."""
    member = admitted.enrolled.member
    return {
        "member": member.name,
        "id": member.id,
        "addresses": member.addresses,
        "words": spoken_words(admitted.enrolled.public.fingerprint),
        "granted": admitted.granted,
        "owed": admitted.owed,
        "returns": admitted.returns,
    }


def _parsed(block: bytes) -> Newcomer:
    if len(block) > _MAX_BLOCK:
        raise UnreadableInput("too-long", "This is too long for a public identity.", "Is it the right file?")
    return read_introduction(block.decode("utf-8", "replace"))
