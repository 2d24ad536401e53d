"""The writer's own words of a displayed text in sentences: quotes, signature and quoted speech left out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Final

from policies.lint.checked import at_line
from policies.lint.displayed import Line, Text
from policies.lint.hits import Naming, Searched, find
from policies.lint.mentions import JoinedText, within
from policies.lint.sentences import Sentence, Span, blanked, quotations, sentences
from policies.lint.verdict import Finding

# Wording is looked at this far: some thirty pages.
LONGEST_OWN: Final = 100_000


class OwnWords:
    """One displayed text's own words; everything else is an empty line, so that places lead back."""

    def __init__(self, text: Text, people: Sequence[Naming] = ()) -> None:
        own = [line if line.is_own else line._replace(text="") for line in text.lines]
        own = list(within(own, LONGEST_OWN))
        self.joined = JoinedText(text, own)
        self.people = tuple(people)

    def __repr__(self) -> str:
        """Which text."""
        return f"OwnWords({self.joined!r})"

    @cached_property
    def plain(self) -> str:
        """The words as written."""
        return self.joined.joined

    @cached_property
    def quoted(self) -> tuple[Span, ...]:
        """What stands between quotation marks."""
        return quotations(self.plain)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences, quoted speech blanked out."""
        return sentences(blanked(self.plain, self.quoted))

    @cached_property
    def parties(self) -> tuple[tuple[int, int], ...]:
        """Where somebody of the case is named."""
        searched = Searched(self.plain)
        places = sorted((hit.start, hit.end) for person in self.people for hit in find(searched, person))
        return tuple(place for index, place in enumerate(places) if not index or place[0] >= places[index - 1][1])

    def parties_in(self, sentence: Sentence) -> list[tuple[int, int]]:
        """Those that stand in one sentence."""
        end = sentence.start + len(sentence.text)
        return [place for place in self.parties if sentence.start <= place[0] < end]

    def place(self, found: Finding, start: int, end: int) -> Finding:
        """The finding with its place."""
        line, column = self.joined.line_at(start)
        length = min(end - start, len(line.text) - column)
        return at_line(found, self.joined.text, self._whole(line), column, length)

    def _whole(self, line: Line) -> Line:
        return next((each for each in self.joined.text.lines if each.number == line.number), line)

    def written(self, start: int, end: int) -> str:
        """The words at a place, in one line."""
        return " ".join(self.plain[start:end].split())
