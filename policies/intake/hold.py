"""Which members a mail's own words name: by full name, address or account (a hold), or by nickname (a flag)."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection
from typing import Final

from policies.addresses import canonical
from policies.folding import fold, forms, words
from policies.mail import Address
from policies.roster import Member, MemberId, Roster

# Longer than any mail a person writes; what is cut off is said in ``needs_eyes``.
MOST_CHARACTERS: Final = 1_000_000
_LONGEST_ADDRESS: Final = 320
_UNSPACED: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_APART: Final = str.maketrans(dict.fromkeys("._-+", " "))
_ASCII: Final = {code: chr(code).lower() if chr(code).isalnum() or chr(code) in "@.+-_" else " " for code in range(128)}


class Folded:
    """A text prepared for asking whether names occur in it, in linear time; what few texts need is made when asked."""

    def __init__(self, text: str) -> None:
        self._text = text[:MOST_CHARACTERS]
        self._forms = (self._text.lower(),) if self._text.isascii() else forms(self._text)

    @functools.cached_property
    def _plain(self) -> tuple[str, ...]:
        """The words of each spelling with the signs around them stripped."""
        folded = (self._text.translate(_ASCII),) if self._text.isascii() else self._forms
        return tuple(dict.fromkeys(" ".join(word.strip(".+-_") for word in form.split()) for form in folded))

    @functools.cached_property
    def tokens(self) -> frozenset[str]:
        """Every word, addresses and accounts in one piece."""
        return frozenset(word for each in self._plain for word in each.split())

    @functools.cached_property
    def addresses(self) -> frozenset[str]:
        """Every e-mail address in its form for comparing."""
        if "@" not in self._forms[0]:
            return frozenset()
        at_signs = (word for form in self._plain for word in form.split() if "@" in word)
        return frozenset(canonical(word) for word in at_signs if len(word) <= _LONGEST_ADDRESS)

    @functools.cached_property
    def unspaced(self) -> str:
        """The text without blanks, where it is in a script that has none."""
        has_none = not self._text.isascii() and _UNSPACED.search(self._text)
        return self._plain[0].replace(" ", "") if has_none else ""

    @functools.cached_property
    def _apart(self) -> tuple[str, ...]:
        """Words with what may stand inside a name taken apart, then once more without middle initials."""
        apart = [" ".join(each.translate(_APART).split()) for each in self._plain]
        short = [" ".join(word for word in each.split() if len(word) > 1) for each in apart]
        return tuple(f" {each} " for each in dict.fromkeys((*apart, *short)))

    def may_name(self, clues: Collection[str]) -> bool:
        """Whether any of these words occurs, or what cannot be told by words."""
        text = self._forms[0]
        return "@" in text or bool(self.unspaced) or any(map(self._may_have, clues))

    def has_phrase(self, phrase: str) -> bool:
        """Whether the words stand there one after another, the last maybe with a genitive's s."""
        if not self._may_have(phrase):
            return False
        return any(f" {phrase} " in text or f" {phrase}s " in text for text in self._apart)

    def has_word(self, word: str) -> bool:
        """Whether a folded word stands there by itself; quick where it does not."""
        return self._may_have(word) and word in self.tokens

    def _may_have(self, phrase: str) -> bool:
        longest, alone = _longest_word(phrase)
        return any(longest in form and alone.search(form) for form in self._forms)


@functools.lru_cache(maxsize=512)
def _longest_word(phrase: str) -> tuple[str, re.Pattern[str]]:
    """The longest word of a phrase, and how it looks by itself; the word first, since that is found fastest."""
    longest = max(phrase.split(" "), key=len)
    literal = re.escape(longest)
    return longest, re.compile(rf"{literal}(?<![^\W_]{literal})s?(?![^\W_])")


def screened(
    roster: Roster, own: Folded, signature: Folded, sender: Address | None
) -> tuple[tuple[MemberId, ...], tuple[MemberId, ...]]:
    """The present members whom ``own`` names in full, by address or by account, and those who are only flagged.

    Flagged is whose nickname or single name stands there, or who is named in the signature.  The sender herself is
    neither; nobody is excused as the sender whose address is not hers.
    """
    address = canonical(sender.address) if sender and sender.address else ""
    named: list[MemberId] = []
    flagged: list[MemberId] = []
    clues = _clues(roster)
    for member in roster.present if own.may_name(clues) or signature.may_name(clues) else ():
        if address and address in _addresses(member):
            continue
        if _names_fully(member, own):
            named.append(member.id)
        elif _names_loosely(member, own) or _names_fully(member, signature):
            flagged.append(member.id)
    return tuple(named), tuple(flagged)


@functools.lru_cache(maxsize=64)
def _addresses(member: Member) -> frozenset[str]:
    return frozenset(map(canonical, member.addresses))


@functools.lru_cache(maxsize=4)
def _clues(roster: Roster) -> frozenset[str]:
    """Of every name, nickname and account of a present member the longest word: without any of them nobody is named."""
    known: set[str] = set()
    for member in roster.present:
        known |= {*_phrases(member.name), *_loose(member), *map(_bare, member.handles)}
    return frozenset(max(each.split(" "), key=len) for each in known if each)


def _names_fully(member: Member, text: Folded) -> bool:
    return (
        any(text.has_phrase(phrase) for phrase in _phrases(member.name))
        or _has_unspaced(member.name, text)
        or not _addresses(member).isdisjoint(text.addresses)
        or any(_has_handle(handle, member, text) for handle in member.handles)
    )


@functools.lru_cache(maxsize=512)
def _phrases(name: str) -> frozenset[str]:
    """The name in either order, in both spellings, with and without the names between first and last."""
    found: set[str] = set()
    for form in forms(name):
        parts = form.translate(_APART).split()
        long = [part for part in parts if len(part) > 1]
        for each in (parts, long):
            if len(each) > 1:
                found |= {" ".join(each), " ".join((each[-1], *each[:-1])), f"{each[0]} {each[-1]}"}
                found.add(f"{each[-1]} {each[0]}")
        if len(parts) == 1 and "," not in name:
            found.add(parts[0])
    return frozenset(found)


def _has_unspaced(name: str, text: Folded) -> bool:
    """Chinese, Japanese and Korean names are written without blanks."""
    if not text.unspaced or not _UNSPACED.search(name):
        return False
    parts = fold(name).split()
    turned = "".join(reversed(parts))
    return "".join(parts) in text.unspaced or turned in text.unspaced


def _has_handle(handle: str, member: Member, text: Folded) -> bool:
    """An account that is called like one of her single names counts only with its ``@``."""
    bare = _bare(handle)
    return bool(bare) and (text.has_word(f"@{bare}") or (bare not in _singles(member) and text.has_word(bare)))


@functools.lru_cache(maxsize=256)
def _bare(handle: str) -> str:
    return next(iter(words(handle)), "").lstrip("@").strip("._-+")


@functools.lru_cache(maxsize=64)
def _singles(member: Member) -> frozenset[str]:
    return frozenset(part for name in (member.name, *member.nicknames) for part in words(name))


def _names_loosely(member: Member, text: Folded) -> bool:
    return any(text.has_phrase(each) for each in _loose(member))


@functools.lru_cache(maxsize=64)
def _loose(member: Member) -> frozenset[str]:
    """Her nicknames, and the words of her name by themselves."""
    single = [part for part in fold(member.name).translate(_APART).split() if len(part) > 1]
    nicknames = [" ".join(fold(nickname).translate(_APART).split()) for nickname in member.nicknames]
    return frozenset(each for each in (*single, *nicknames) if each)
