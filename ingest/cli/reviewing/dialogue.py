"""One draft after the other: shown in short, then whatever the member decides; every act asks before it is done."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Final

import click

from ingest.cli.case.accept import match_lines, note_lines
from ingest.cli.case.show import mail_lines, suggested, suggestion_json, suggestion_line
from ingest.cli.mail.show import mail_text
from ingest.cli.output import say, show
from ingest.cli.reviewing.answers import Answers, ask_all, choose_field, write_field
from ingest.cli.reviewing.asking import Choice, line, yes
from ingest.desk import Desk
from policies.case import CaseId, Status, Suggestion
from policies.errors import ConductError
from policies.mail import MailId
from records import cases, granting, linking, mail, merging, viewing
from records.accepting import Accepted, accept
from records.cases import Case
from records.linking import Match
from records.suggesting import may_belong_to
from records.viewing import CaseView, ShownMail

_MENU: Final = {
    "accept": "Make it a record: you are asked about everything first.",
    "edit": "Write a field, which goes into the record when you accept.",
    "merge": "File its mail with another case.",
    "dismiss": "Say that it is no report.",
    "read": "Read its mail.",
    "skip": "Leave it as it is, and go on to the next.",
    "quit": "End the review.",
}
# Where a draft's mail is compared with every other case's, so many are quick enough not to be noticed.
_MOST_COMPARED: Final = 300


class Quit(Exception):
    """The member ends the review."""


@dataclasses.dataclass(slots=True)
class Dialogue:
    """The talk about one draft."""

    desk: Desk
    case: Case
    answers: Answers = dataclasses.field(default_factory=Answers)

    def hold(self, heading: str) -> bool:
        """Show the draft and do what the member wants; whether it was settled.

        Raises Quit.
        """
        found = self._look()
        show("\n".join([heading, *_lines(self.desk, found)]))
        while True:
            word = self._choose()
            if word == "skip":
                return False
            try:
                if self._do(word, found):
                    return True
            except click.Abort:
                say("\nNothing of that was done; what you wrote is kept until you skip or quit.")
            except ConductError as error:
                say(f"{error.sentence} {error.hint}\nNothing was changed.")

    def _choose(self) -> str:
        try:
            word = Choice("What is to be done with it?", _MENU, "skip").ask()
        except click.Abort:
            say("")
            word = "quit"
        if word in {"skip", "quit"} and not self.answers.is_empty and not self._gives_up():
            return self._choose()
        if word == "quit":
            raise Quit
        return word

    def _gives_up(self) -> bool:
        try:
            return yes("What you wrote about this draft is not kept. Leave it?", "It is forgotten.")
        except click.Abort:
            say("")
            return True

    def _do(self, word: str, found: CaseView) -> bool:
        if word == "accept":
            return self._accept(found)
        if word == "merge":
            return self._merge(found)
        if word == "dismiss":
            return self._dismiss()
        if word == "edit":
            name = choose_field()
            if name:
                write_field(self.answers, name, self.desk.session.environ)
            return False
        for each in found.mails:
            show(_mail_text(self.desk, found.case, each))
        return False

    def _look(self) -> CaseView:
        with self.desk.looking() as transaction:
            return viewing.view(transaction, self.desk.keyring, self.case)

    def _now(self) -> Desk:
        """The desk at this moment: a review may last longer than a day."""
        return dataclasses.replace(self.desk, now=self.desk.session.clock.now())

    # --- acts

    def _accept(self, found: CaseView) -> bool:
        if not self.answers.asked or yes("Answer the questions again?", "What you wrote into fields is kept."):
            ask_all(self.answers, found.suggestions, self.desk.session.environ)
        show("\n".join(self.answers.lines()))
        if not yes(
            f"Make {self.case.code_name} a record with this?",
            "Every present member can read it then who is not kept from it.",
        ):
            say("Nothing was changed.")
            return False
        desk = self._now()
        with desk.acting() as transaction:
            case = cases.get(transaction, self.case.id)
            accepted = accept(transaction, desk.keyring, case, self.answers.acceptance(), desk.now)
        show("\n".join([f"{self.case.code_name} is a record now, in your hands.", *note_lines(accepted.note)]))
        self._settle_matches(accepted)
        return True

    def _settle_matches(self, accepted: Accepted) -> None:
        open_ones = accepted.matches
        for match in accepted.matches.found:
            word = self._same_or_other(match)
            if word == "later":
                continue
            desk = self._now()
            with desk.acting() as transaction:
                mine, other = cases.get(transaction, self.case.id), cases.find(transaction, match.code_name)
                state: linking.State = "same" if word == "same" else "different"
                linking.settle(transaction, desk.keyring, (mine, match.mine), (other, match.n), state, desk.now)
            rest = tuple(each for each in open_ones.found if each is not match)
            open_ones = dataclasses.replace(open_ones, found=rest)
        for told in match_lines(open_ones, self.case.code_name, same=False):
            show(told)

    @staticmethod
    def _same_or_other(match: Match) -> str:
        words = {
            "same": "They are the same person: a new violation extends the old record.",
            "other": "They are different people: neither record moves the other.",
            "later": "The older record is held until somebody says.",
        }
        question = f"Subject {match.mine} shares a contact with subject {match.n} of {match.code_name}:"
        try:
            return Choice(question, words, "later").ask()
        except click.Abort:
            say("")
            return "later"

    def _merge(self, found: CaseView) -> bool:
        for each in _may_belong(self.desk, found):
            show(f"{each.value}: {each.evidence}")
        name = line("With which case? (code name, empty for none)")
        if not name:
            return False
        desk = self._now()
        with desk.looking() as transaction:
            into = cases.find(transaction, name)
        told = "Its threads stay apart: whoever writes in one never joins the other."
        if not yes(f"File the mail of {self.case.code_name} with {into.code_name}?", told):
            say("Nothing was changed.")
            return False
        with desk.acting() as transaction:
            draft, target = cases.get(transaction, self.case.id), cases.get(transaction, into.id)
            merging.merge(transaction, desk.keyring, draft, target, desk.now)
        show(f"The mail of {self.case.code_name} is filed with {into.code_name}.")
        return True

    def _dismiss(self) -> bool:
        reason = line("Why is it no report? (empty: it is one after all)")
        days = self.desk.policy.unlinked_mail_days
        told = f"Its mail goes in {days} days, by another member's hand."
        if not reason or not yes(f"Dismiss {self.case.code_name}?", told):
            say("Nothing was changed.")
            return False
        desk = self._now()
        with desk.acting() as transaction:
            case = cases.get(transaction, self.case.id)
            cases.dismiss(transaction, desk.keyring, case, reason, desk.now)
        show(f"{self.case.code_name} is dismissed. {told}")
        return True


def drafts(desk: Desk) -> tuple[list[CaseId], int]:
    """The drafts that this member may read, oldest first, and how many are closed to her."""
    with desk.looking() as transaction:
        waiting = cases.every(transaction, (Status.DRAFT,))
        granted = set(desk.keyring.granted(transaction, mail.object_id(MailId(""))))
        readable = [each for each in mail.stored(transaction) if mail.object_id(each.mail) in granted]
    mine = {case for each in readable for case in each.cases}
    found = [each.id for each in waiting if each.id in mine]
    return found, len(waiting) - len(found)


def _lines(desk: Desk, found: CaseView) -> Iterator[str]:
    with desk.looking() as transaction:
        names, held = viewing.handler_names(transaction), granting.held(transaction)
        live = len(cases.every(transaction, (Status.DRAFT, Status.OPEN, Status.CLOSED)))
    yield f"First report received {found.case.received:%Y-%m-%d %H:%M} UTC."
    yield from (f"Note: {sentence}" for sentence in found.closed_parts)
    yield from (told for told in mail_lines(found.mails, held) if told)
    suggestions = suggested(found, names)
    if live <= _MOST_COMPARED:
        suggestions += _may_belong(desk, found)
    yield from _suggested(suggestions)


def _suggested(suggestions: Sequence[Suggestion]) -> Iterator[str]:
    """Field by field, each suggestion on a line with the words it comes from."""
    by_field: dict[str, list[Suggestion]] = {}
    for each in suggestions:
        by_field.setdefault(each.field, []).append(each)
    for name, found in by_field.items():
        yield f"{name.replace('_', ' ').capitalize()}"
        yield from (suggestion_line(suggestion_json(each)) for each in found)


def _may_belong(desk: Desk, found: CaseView) -> list[Suggestion]:
    settings = desk.session.settings
    with desk.looking() as transaction:
        return may_belong_to(transaction, desk.keyring, found, (settings.address, *settings.aliases))


def _mail_text(desk: Desk, case: Case, each: ShownMail) -> str:
    if each.draft is None:
        return f"{each.stored.mail} is closed to you."
    with desk.looking() as transaction:
        forwarder = viewing.handler_names(transaction).get(each.stored.forwarded_by or "")
    return mail_text(each.draft.message, each.stored, case.code_name, forwarder)
