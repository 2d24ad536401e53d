"""``conduct init``: found a committee."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option, say
from ingest.cli.owners import refuse_second_owner
from ingest.cli.parameters import DAY
from ingest.cli.terminal import ask, ask_new_passphrase
from ingest.clock import clock_for
from policies.errors import WrongUsage

_PERSON: Final = re.compile(r'\s*"?(?P<name>[^<>"]*[^<>"\s])"?\s*<(?P<address>[^<>\s]+)>\s*')
_FILE = click.Path(path_type=Path)
_FURTHER: Final = (
    "Put the recovery secret on paper, in an envelope, where the whole committee can get at it together: without it, "
    "and without any member's key, nothing can be opened.  It is not shown again."
)


@click.command("init")
@click.option("--address", metavar="ADDR", help="The committee's address.")
@click.option("--alias", "aliases", multiple=True, metavar="ADDR", help="Another address of the same mailbox.")
@click.option("--policy", metavar="NAME|FILE", help="django (the default), generic, or a file that is copied.")
@click.option("--member", metavar='"NAME <ADDR>"', help="The first member: you.")
@click.option("--handle", "handles", multiple=True, metavar="NAME", help="An account of yours elsewhere.")
@click.option("--nickname", "nicknames", multiple=True, metavar="NAME", help="A short form of your name.")
@click.option("--since", type=DAY, metavar="DATE", help="When you joined; without it, before any mail there is.")
@click.option("--imap-host", metavar="HOST", help="The mail server.")
@click.option("--imap-port", type=click.IntRange(1, 65535), metavar="PORT", help="Its port.")
@click.option("--imap-tls", type=click.Choice(["implicit", "starttls", "none"]), help="implicit by default.")
@click.option("--imap-user", metavar="USER", help="The name to log in with; the address by default.")
@click.option("--imap-password-file", type=_FILE, metavar="FILE", help="Its first line is the password.")
@click.option("--content-url", metavar="URL", help="PostgreSQL instead of SQLite, for what is sealed.")
@click.option("--keys-url", metavar="URL", help="The same for the keys: another database.")
@click.option("--group", metavar="GROUP", help="Share the home with this group of users of the host.")
@click.option("--recovery-out", type=_FILE, metavar="FILE", help="Write the recovery secret there; do not print it.")
@click.option("--trial", is_flag=True, help="A home for demonstrations and training, on this host's own mailbox.")
@format_option()
@pass_session
def command(
    session: Session,
    /,
    recovery_out: Path | None,
    group: str | None,
    since: date | None,
    **given: Any,  # noqa: ANN401
) -> None:
    """Found a committee: its home, stores and keys, and you as its first member.  Without options it asks.

    A failure half way leaves nothing behind.
    """
    refuse_second_owner()
    from ingest.founding import Founding, founding, refuse_second_committee, term_start

    refuse_second_committee(session.home)
    now = clock_for(session.environ, trial=given["trial"]).now()
    starts = term_start(since, now.date()) if since else None
    answers = _answers(session, given)
    policy, policy_file = _policy(answers["policy"])
    wanted = Founding(
        settings=_settings(answers, policy),
        person=_person(answers),
        passphrase=ask_new_passphrase(session),
        identity_file=_new_identity(session),
        policy_file=policy_file,
        recovery_file=recovery_out.expanduser().absolute() if recovery_out else None,
        starts=starts,
        group=group,
    )
    with founding(session.home, wanted, now) as founded:
        address = session.settings.address  # read back from the disk; a trial home says now that it is one
        _show(session, wanted.identity_file, founded.enrolled.member.name, None if recovery_out else founded.recovery)
    say(f"The committee of {address} is founded.")
    say(_FURTHER if recovery_out is None else f"The recovery secret is in {recovery_out}.  {_FURTHER}")


def _answers(session: Session, given: Mapping[str, Any]) -> dict[str, Any]:
    """The options, and the person's word for what they leave open; who gave the two that are needed said all."""
    answers = dict(given)
    if answers["address"] and answers["member"]:
        return {**answers, "policy": answers["policy"] or "django"}
    answers["address"] = answers["address"] or ask(session, "The committee's address", "--address")
    answers["member"] = answers["member"] or ask(session, 'You, as "Name <address>"', "--member")
    answers["policy"] = answers["policy"] or ask(session, "Policy: django, generic or a file", "--policy", "django")
    if answers["imap_host"] is None and session.may_ask:
        answers["imap_host"] = ask(session, "Mail server (empty: set it up later)", "--imap-host", "") or None
    if answers["imap_host"] and answers["imap_user"] is None and session.may_ask:
        answers["imap_user"] = ask(session, "Log in as", "--imap-user", answers["address"])
    if answers["imap_host"] and answers["imap_password_file"] is None and session.may_ask:
        typed = ask(session, "File with the password (empty: set it up later)", "--imap-password-file", "")
        answers["imap_password_file"] = Path(typed) if typed else None
    return answers


def _policy(name: str) -> tuple[str, Path | None]:
    from ingest.founding import check_policy_file
    from ingest.wiring import BUILT_IN

    if name in BUILT_IN:
        return name, None
    check_policy_file(name)
    return "", Path(name).expanduser().absolute()


def _settings(answers: Mapping[str, Any], policy: str) -> dict[str, Any]:
    values: dict[str, Any] = {"address": answers["address"], "policy": policy}
    if answers["aliases"]:
        values["aliases"] = answers["aliases"]
    if answers["trial"]:
        values["trial"] = True
    imap = {name: answers[f"imap_{name}"] for name in ("host", "port", "tls", "user") if answers[f"imap_{name}"]}
    file = answers["imap_password_file"]
    if file is not None:
        imap["password_file"] = str(file.expanduser().absolute())
    if imap and not answers["imap_host"]:
        raise WrongUsage("no-mail-server", "There are options of the mailbox, but no mail server.", "Give --imap-host.")
    if imap:
        values["imap"] = {"user": answers["address"], **imap}
    store = {name: answers[name] for name in ("content_url", "keys_url") if answers[name]}
    if len(store) == 1:
        raise WrongUsage("one-store", "The two stores lie in two databases.", "Give both --content-url and --keys-url.")
    return {**values, "store": store} if store else values


def _person(answers: Mapping[str, Any]) -> Any:  # noqa: ANN401  read when the command runs
    from ingest.founding import Person

    found = _PERSON.fullmatch(answers["member"])
    if found is None:
        raise WrongUsage(
            "bad-member", "--member is no name with an address.", 'Write it as "Priya Raman <priya@example.org>".'
        )
    return Person(found["name"], (found["address"],), answers["handles"], answers["nicknames"])


def _new_identity(session: Session) -> Path:
    """Where the founder's key goes: her own account, unless she has a key there already; then the home."""
    places = session.identity_files()
    return next((place for place in places if not place.exists()), places[0]).absolute()


def _show(session: Session, identity: Path, member: str, recovery: str | None) -> None:
    lines = [f"Home:      {session.home.root}", f"Identity:  {identity}", f"Member:    {member}"]
    if recovery is not None:
        lines += ["", recovery.rstrip("\n")]
    answer = {"home": session.home.root, "identity": identity, "member": member}
    emit(session, "\n".join(lines), answer if recovery is None else {**answer, "recovery": recovery})
    sys.stdout.flush()  # the secret must be out before the committee counts
