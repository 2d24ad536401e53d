"""What a pattern needs: a pattern left unread for want of it would not have matched."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from ingest.wording import read_wording
from policies.lint.draft import Draft
from policies.lint.needed import needed_by, needed_by_regex
from policies.lint.phrases import Effort
from policies.lint.sentences import Sentence, sentences
from policies.lint.wording import Entries, Entry, Wording, read_entries
from tests.bench import letters

LISTS = {
    "adverb": ["really", "a bit"],
    "whom": ["him", "{party}", "(mr|ms) <1> {human}"],
    "human": ["guest", "speaker"],
    "loose": ["it", "<2> so"],
    "itself": ["{itself}", "he"],
}


@pytest.mark.parametrize(
    ("pattern", "keys"),
    [
        ("disgust*", ["disg"]),
        ("ban*", []),
        ("you {adverb}? (felt|feel)", ["feel", "felt"]),
        ("go? home?", []),
        ("(go | come) ?", []),
        ("(go (on|away)|leave) now", ["now"]),
        ("(take (him|her))", []),
        ("one | two", []),
        ("{whom} <3> outside", ["outs"]),
        ("{whom}", ["gues", "him", "spea", "{par"]),
        ("{human} {adverb}", ["gues", "spea"]),
        ("{loose}", ["it", "so"]),
        ("{itself}", []),
        ("{missing}", []),
        ("#", []),
        ("Über Käse", ["uber"]),
        ("don't worry", ["worr"]),
        ("^ {party}", ["{par"]),
        ("((((deep))))", []),
    ],
)
def test_needed_by_a_phrase(pattern: str, keys: list[str]) -> None:
    assert needed_by([pattern], LISTS) == {pattern: keys}


@pytest.mark.parametrize(
    ("regex", "letters"),
    [
        ("犯人", ["犯"]),
        ("犯?人", ["人"]),
        ("(?:犯|加)?人{2}", []),
        ("(犯|加)人", ["加", "犯"]),
        ("犯|x", []),
        ("[犯人]", []),
        ("[]人](?!犯)", []),
        (r"\[犯\]", ["犯"]),
        ("(?x)a # 犯", []),
        ("a(?#犯)", []),
        ("(?i:犯)", []),
        ("Ärger", []),
    ],
)
def test_needed_by_a_regular_expression(regex: str, letters: list[str]) -> None:
    assert needed_by_regex(regex) == letters


def _found(wording: Wording, sentence: Sentence) -> list[tuple[int, int, str]]:
    party = [(sentence.start, sentence.start + 5)]
    return [(match.start, match.end, match.entry.message) for match in wording.matches(sentence, party)]


def _texts(entries: tuple[Entry, ...]) -> Iterator[str]:
    for entry in entries:
        yield "\n\n".join(re.sub(r"[?*^(){}\[\]|<>#:]|\d", " ", pattern) for _, pattern in entry.patterns)
    for file in letters.letters():
        yield from ("\n".join(line.text for line in text.lines) for text in Draft(file.read_bytes()).texts)


def test_nothing_that_matches_is_left_unread() -> None:
    entries = read_wording()
    whole = Wording(entries)
    whole.read_all()
    found = 0
    for text in _texts(entries):
        lazy = Wording(entries)
        for sentence in sentences(text):
            lazy.effort, whole.effort = Effort(), Effort()
            matches = _found(lazy, sentence)
            assert matches == _found(whole, sentence), sentence.text
            found += len(matches)
    assert found > 300


def test_a_text_that_is_a_phrase_here_and_a_regular_expression_there_is_read_at_once() -> None:
    rules = [{"id": "word-label", "kind": kind, "any": ["犯人"], "message": "m"} for kind in ("phrase", "regex")]
    assert not read_entries({"rule": rules}, "ours.toml")[0].needed


def test_what_is_kept_from_one_mail_to_the_next_changes_nothing() -> None:
    entries = Entries(read_wording())
    wanted = [entry for number, entry in enumerate(entries) if number % 3]
    found = 0
    for text in _texts(entries):
        fresh, kept = Wording(wanted), Wording(wanted, entries.ready)
        for sentence in sentences(text):
            fresh.effort, kept.effort = Effort(), Effort()
            matches = _found(fresh, sentence)
            assert matches == _found(kept, sentence), sentence.text
            found += len(matches)
    assert found > 200
