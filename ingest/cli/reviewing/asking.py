"""Questions of the review: a choice of words, a line of text, a longer text."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import click

from ingest.cli.cleaning import clean
from ingest.cli.editor import edit, editor_of
from ingest.cli.output import say
from policies.errors import ConductError

END = "."


@dataclasses.dataclass(frozen=True, slots=True)
class Choice:
    """A question that is answered by one of a few words or its first letter; ``help`` says what each does."""

    question: str
    words: Mapping[str, str]
    default: str

    def ask(self) -> str:
        """The word that was chosen."""
        shown = ", ".join(self.words)
        while True:
            answer = line(f"{self.question} ({shown}, ?)", self.default).casefold()
            if answer == "?":
                say("\n".join(f"  {word}: {told}" for word, told in self.words.items()))
                continue
            found = [word for word in self.words if answer and word.startswith(answer)]
            if len(found) == 1 or answer in self.words:
                return answer if answer in self.words else found[0]
            say(f"Answer with one of these: {shown}.")


def line(question: str, default: str = "") -> str:
    """A line of text, empty if nothing is typed and there is no default; Ctrl-C and Ctrl-D raise click.Abort."""
    typed: str = click.prompt(clean(question), default=default, show_default=bool(default), err=True)
    return typed.strip()


def yes(question: str, told: str) -> bool:
    """Yes or no, no by default; ``told`` is the help."""
    words = {"yes": told, "no": "Leave it as it is."}
    return Choice(question, words, "no").ask() == "yes"


def text(name: str, before: str, environ: Mapping[str, str]) -> str:
    """A longer text: in the person's editor, else line by line until a line with a full stop alone.

    What was there before is given back where she changes nothing or the editor fails.
    """
    if editor_of(environ):
        try:
            after = edit(before, name, environ)
        except ConductError as error:
            say(f"{error.sentence} {error.hint}")
            return before
        return before if after is None else after
    say(f"Type the text; a line with {END} alone ends it. Nothing at all leaves it as it was.")
    lines = list(_lines())
    return "\n".join(lines).strip() if lines else before


def _lines() -> Sequence[str]:
    found: list[str] = []
    while (typed := line("", "")) != END:
        found.append(typed)
    return found
