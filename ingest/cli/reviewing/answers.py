"""What a member answers about one draft: whom it names, what is written into it; kept until she confirms it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

from ingest.cli.case.show import suggestion_json, suggestion_line
from ingest.cli.output import say
from ingest.cli.reviewing.asking import Choice, line, text, yes
from policies.case import ACCOUNT_FIELDS, GENERAL_FIELDS, ReporterKind, Subject, Suggestion
from policies.errors import WrongUsage
from policies.naming import parse_subject, print_subject
from records.accepting import Acceptance
from records.editing import parse_fields, writable

_KINDS: Mapping[str, str] = {
    "private": "The record names the member who handles the case, and nobody else learns who reported.",
    "official": "Whoever reported did so in an office; the record names her.",
    "public": "Whoever reported did so in public; the record names her.",
}
_SUBJECT_HELP = "The record names this person or account as somebody whom the report is about."
_LONG = (*ACCOUNT_FIELDS, "general_note")


@dataclasses.dataclass(slots=True, repr=False)
class Answers:
    """What was answered so far; ``asked`` is whether the questions were gone through."""

    kind: ReporterKind = ReporterKind.PRIVATE
    subjects: list[Subject] = dataclasses.field(default_factory=list)
    fields: dict[str, str] = dataclasses.field(default_factory=dict)
    asked: bool = False

    def __repr__(self) -> str:
        """How much."""
        return f"Answers({len(self.subjects)} subjects, {len(self.fields)} fields)"

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be lost."""
        return not self.subjects and not self.fields

    def acceptance(self) -> Acceptance:
        """What accepting the draft takes."""
        edit = parse_fields(tuple(f"{name}={value}" for name, value in self.fields.items()))
        return Acceptance(self.kind, tuple(self.subjects), same_person=False, edit=edit)

    def lines(self) -> Iterator[str]:
        """What would be written, a line each."""
        yield f"Reporter: {self.kind.value}."
        yield from (f"Subject {n}: {print_subject(each)}" for n, each in enumerate(self.subjects, start=1))
        if not self.subjects:
            yield "Nobody is named."
        yield from (f"{name.replace('_', ' ')}: {value}" for name, value in self.fields.items())


def ask_all(answers: Answers, suggestions: Sequence[Suggestion], environ: Mapping[str, str]) -> None:
    """Go through everything that a record begins with; what was suggested is confirmed piece by piece."""
    answers.subjects = list(_subjects(suggestions))
    answers.kind = ReporterKind(_kind(suggestions))
    for name in ACCOUNT_FIELDS:
        suggested = [each for each in suggestions if each.field == name]
        if suggested and name not in answers.fields:
            _take_or_edit(answers, name, suggested[0], environ)
    while name := _field_to_write(answers):
        write_field(answers, name, environ)
    answers.asked = True


def write_field(answers: Answers, name: str, environ: Mapping[str, str]) -> None:
    """Write one field, long texts in the editor; an empty text leaves the field out."""
    before = answers.fields.get(name, "")
    after = text(name, before, environ) if name in _LONG else line(f"{name.replace('_', ' ')}:", before)
    try:
        parse_fields((f"{name}={after}",))
    except WrongUsage as error:
        say(f"{error.sentence} {error.hint}")
        return
    if after:
        answers.fields[name] = after
    else:
        answers.fields.pop(name, None)


def choose_field() -> str:
    """The name of a field that a member may write, empty if she wants none."""
    while True:
        typed = line("Which field? (? lists them, empty for none)").replace(" ", "_").casefold()
        if not typed or typed in writable():
            return typed
        say(f"Fields: {', '.join(name.replace('_', ' ') for name in writable())}.")


# --- who


def _subjects(suggestions: Sequence[Suggestion]) -> Iterator[Subject]:
    named = [
        each
        for each in suggestions
        if each.field == "named_subjects" and yes(f"Is {each.value} a subject?", f"{_SUBJECT_HELP}\n{_where(each)}")
    ]
    known = {each.value for each in named}
    found = [each for each in suggestions if each.field == "subject_contacts" and each.value not in known]
    owners = {each: _owner(each, named) for each in found if named}
    for name in named:
        mine = [contact.value for contact, owner in owners.items() if owner is name]
        yield _subject(name.value, mine)
    while typed := line("Another subject? (Name <address, handle or URL>, empty for none)"):
        try:
            yield parse_subject(typed)
        except WrongUsage as error:
            say(f"{error.sentence} {error.hint}")


def _owner(contact: Suggestion, named: Sequence[Suggestion]) -> Suggestion | None:
    """Whose contact it is, as the member says."""
    say(_where(contact))
    if len(named) == 1:
        told = f"{contact.value} goes into the record as a contact of {named[0].value}."
        return named[0] if yes(f"Is {contact.value} a contact of {named[0].value}?", told) else None
    words = {str(number): each.value for number, each in enumerate(named, start=1)}
    people = ", ".join(f"{number} {name}" for number, name in words.items())
    question = f"Whose contact is {contact.value}: {people}?"
    chosen = Choice(question, {**words, "nobody": "It is left out."}, "nobody").ask()
    return None if chosen == "nobody" else named[int(chosen) - 1]


def _subject(name: str, contacts: Sequence[str]) -> Subject:
    """A subject from values of a mail, each of which is sorted by its own form."""
    parts = [parse_subject(each) for each in (name, *contacts)]
    return Subject(
        names=tuple(value for each in parts for value in each.names),
        addresses=tuple(dict.fromkeys(value for each in parts for value in each.addresses)),
        handles=tuple(dict.fromkeys(value for each in parts for value in each.handles)),
        urls=tuple(dict.fromkeys(value for each in parts for value in each.urls)),
    )


def _kind(suggestions: Sequence[Suggestion]) -> str:
    suggested = next((each for each in suggestions if each.field == "reporter_kind"), None)
    if suggested is not None:
        say(_where(suggested))
    return Choice("The reporter is", _KINDS, ReporterKind.PRIVATE.value).ask()


# --- what


def _take_or_edit(answers: Answers, name: str, suggested: Suggestion, environ: Mapping[str, str]) -> None:
    say(_where(suggested))
    words = {
        "take": "The field holds these words of the mail as they stand.",
        "edit": "Write the field yourself, beginning from these words.",
        "leave": "The field stays empty.",
    }
    chosen = Choice(f"{name.replace('_', ' ').capitalize()}:", words, "leave").ask()
    if chosen == "leave":
        return
    answers.fields[name] = " ".join(suggested.value.split())
    if chosen == "edit":
        write_field(answers, name, environ)


def _field_to_write(answers: Answers) -> str:
    written = f" Written: {', '.join(answers.fields)}." if answers.fields else ""
    if not yes(f"Write another field?{written}", f"For instance {', '.join((*GENERAL_FIELDS, 'summary'))}."):
        return ""
    return choose_field()


def _where(each: Suggestion) -> str:
    return suggestion_line(suggestion_json(each)).strip()
