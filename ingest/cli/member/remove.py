"""``conduct member remove``: a member's term ends, and with it her access."""

from __future__ import annotations

from typing import Final

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option
from ingest.desk import signer_for
from records import joining, members

# records.md: "Once a member steps down from the committee, their access to the records is removed"; what follows is
# where records and mail lie that a program on one host cannot reach.
OUTSIDE: Final = (
    "her own copies of mail, notes and exports: ask her to delete them",
    "the mailbox's password, if she ever had it, and mail forwarded to her",
    "the mailing list or group behind the address, chat channels, calendars, shared folders",
    "her account on this host, and her place in the group that shares the home",
    "public pages and messages that name the committee's members",
    "the envelope with the recovery secret, if she keeps it",
)


@click.command("remove")
@click.argument("name")
@format_option()
@pass_session
def command(session: Session, name: str) -> None:
    """End a member's term: every key that she had is taken away at once.  Needs nobody's decryption key."""
    with signer_for(session) as (store, signer, now), store.writing() as transaction:
        leaving = members.find(transaction, name)
        taken = joining.remove(transaction, signer, leaving, now)
    sentence = f"{leaving.member.name} is no longer on the committee; {taken} grants were taken from her."
    still = "Outside this program it remains to see to:\n" + "\n".join(f"  - {line}" for line in OUTSIDE)
    emit(session, [sentence, still], {"member": leaving.member.name, "id": leaving.member.id, "grants": taken,
                                      "outside": OUTSIDE})  # fmt: skip
