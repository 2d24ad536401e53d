"""Where a text names a person: full name, lone name, address, handle or profile URL, in any spelling on record.

Texts are compared folded and at word boundaries.  What stands inside another word, and a lone name in front of
somebody else's ("Farouk Street"), is nobody.  Every pattern looks at a bounded stretch, so that a search is linear.
"""

from __future__ import annotations

import dataclasses
import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final

from policies.addresses import canonical
from policies.lint.everyday import EVERYDAY
from policies.lint.folded import Folded, fold, folded, forms, parted, spelled_out
from policies.patterns import late
from policies.values import value

_LONE_LETTERS: Final = 3
# Of one spelling; the rest of a text says nothing new.
_ENOUGH: Final = 200
_STEM_CUT: Final = 2
_STEM_SHORTEST: Final = 3
_STEM_STRETCH: Final = 3
_WRAPPED_LINE: Final = 40
# Between the words of a name: blanks, a line end with quote signs, the dots and lines of addresses and file names.
_GAP: Final = "[ ._+-]{1,12}"
_JOIN: Final = "[ ._+-]{0,3}"
_BEFORE: Final = r"(?<![^\W_])"
_AFTER: Final = r"(?![^\W_])"
_APART: Final = late(r"[ @._+-]+")
_ADDRESS: Final = late(r"[\w.+-]{1,64}@[\w.-]{1,255}")
_URL: Final = late(r"(?:\w{2,12}://)?(?:www\.)?", re.IGNORECASE)
_CYRILLIC: Final = late("[\u0400-\u052f]")
# Endings by which a family name is known to be declined like a Slavic one, folded.
_SLAVIC: Final = late(
    r"\w{2,}(?:[sc]k[aiyá]|sk[yiý]j|skiy|ský|ský|[oe]v|[oe]va|ová|i[ćč]|[oe]vich?|wicz|czyk|enko|chuk|czuk|ák|ař|owna)"
)
_NEXT_WORD: Final = late(r"([ \t\u00a0]{1,3}|[ \t]{0,3}\r?\n[ \t>]{0,8})(\w[\w’'.-]{0,40})")
# Capitalised, and no part of any name: the English I, and how German addresses whom it writes to.
_PRONOUNS: Final = frozenset({"i", "i'm", "sie", "ihnen", "ihr", "ihre", "ihren", "ihrem", "ihrer", "ihres"})
_SPLIT_NAME: Final = late(r"[_.\-]+")


@value
class Hit:
    """A place that names the person; ``is_sure`` is False where only an inflected or guessed form was met."""

    start: int
    end: int
    text: str
    is_sure: bool

    def __repr__(self) -> str:
        """Where, not who."""
        return f"Hit({self.start}:{self.end})"


@value
class _Needle:
    """A pattern on folded text, and the plain string without which it cannot match.

    ``is_lone``: only with a capital, and not in front of a stranger's name.  ``stem`` is given for inflected forms.
    """

    must: str
    pattern: str
    is_lone: bool = False
    is_sure: bool = True
    longest: int = 0
    hyphen_bars: bool = False


@value
class Naming:
    """Everything by which one person is named: ``names`` in every script, ``addresses``, ``handles``, ``urls``."""

    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Nothing of the person."""
        return "Naming(…)"

    @cached_property
    def needles(self) -> tuple[_Needle, ...]:
        """The patterns, made when first asked for."""
        found = [needle for name in self.names for needle in _name_needles(name)]
        found += [needle for handle in self.handles for needle in _handle_needles(handle)]
        found += [needle for url in self.urls for needle in _url_needles(url)]
        return tuple(dict.fromkeys(found))

    @cached_property
    def mailboxes(self) -> frozenset[str]:
        """The addresses as found in folded text."""
        known = [canonical(address) for address in self.addresses]
        return frozenset([*known, *(fold(address) for address in known)])

    @cached_property
    def words(self) -> frozenset[str]:
        """The folded words of all names."""
        texts = (*self.names, *(handle for handle in self.handles if " " in handle))
        return frozenset(word for text in texts for form in forms(text) for word in _APART.split(form) if word)


def naming(name: str, addresses: Iterable[str] = (), handles: Iterable[str] = ()) -> Naming:
    """A person as on record; handles are user names, spellings in other scripts, and profile URLs, told apart here."""
    names, plain, urls = [name] if name.strip() else [], [], []
    mailboxes = list(addresses)
    for handle in (one.strip() for one in handles):
        if "://" in handle or re.match(r"(?:www\.)?[\w-]+(?:\.[\w-]+)+/.", handle):
            urls.append(handle)
        elif re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@]+", handle):
            mailboxes.append(handle)
        elif " " in handle or (not handle.isascii() and not handle.startswith("@")):
            names.append(handle)
        elif handle.strip("@ "):
            plain.append(handle)
    return Naming(tuple(names), tuple(mailboxes), tuple(plain), tuple(urls))


class Searched:
    """A text made ready for being searched for several people."""

    def __init__(self, text: str) -> None:
        self.text = text
        made = (folded(text), spelled_out(text), parted(text))
        self.forms: tuple[Folded, ...] = tuple(form for form in made if form)

    def __repr__(self) -> str:
        """How long."""
        return f"Searched({len(self.text)})"

    @cached_property
    def mailboxes(self) -> tuple[tuple[Folded, int, int, str], ...]:
        """Every address in each folded form with its place there."""
        found = []
        for form in self.forms if "@" in self.forms[0].plain else ():
            for match in _ADDRESS.finditer(form.plain):
                written = match[0].rstrip(".-_")
                start = match.start() + len(written) - len(written.lstrip(".-+"))
                found.append((form, start, match.start() + len(written), canonical(written.lstrip(".-+"))))
        return tuple(found)


def find(searched: Searched, person: Naming, *, capitals: bool = True) -> tuple[Hit, ...]:
    """Every place that names the person, in order; of overlapping ones the longest.

    ``capitals=False`` finds lone names in small letters too, as they stand in file names.

    >>> [hit.text for hit in find(Searched("ask ada byron, not Byron Street"), naming("Ada Byron"))]
    ['ada byron']
    """
    text = searched.text
    boxes = (form.span(at, end) for form, at, end, box in searched.mailboxes if box in person.mailboxes)
    hits = [Hit(start, end, text[start:end], True) for start, end in boxes]
    for form in searched.forms:
        hits.extend(hit for needle in person.needles for hit in _matches(form, needle, person, capitals=capitals))
    return _longest(hits)


def find_in_file_name(name: str, person: Naming) -> tuple[Hit, ...]:
    """The same for a file name, in which ``_``, ``-`` and ``.`` part words and capitals mean nothing."""
    whole = find(Searched(name), person, capitals=False)
    return whole or find(Searched(_SPLIT_NAME.sub(lambda match: " " * len(match[0]), name)), person, capitals=False)


def _longest(hits: list[Hit]) -> tuple[Hit, ...]:
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end, not hit.is_sure)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
        elif hit.is_sure and not kept[-1].is_sure and hit.end >= kept[-1].end:
            kept[-1] = hit
    return tuple(kept)


def _matches(form: Folded, needle: _Needle, person: Naming, *, capitals: bool) -> Iterator[Hit]:
    if needle.must not in form.plain:
        return
    found = 0
    for match in re.finditer(needle.pattern, form.plain):
        if needle.longest and not needle.longest - 2 * _STEM_STRETCH <= len(match[0]) <= needle.longest:
            continue
        start, end = form.span(match.start(), match.end())
        if needle.is_lone and not _names_alone(form.text, start, end, needle, person, capitals=capitals):
            continue
        yield Hit(start, end, form.text[start:end], needle.is_sure)
        found += 1
        if found == _ENOUGH:
            return


def _names_alone(text: str, start: int, end: int, needle: _Needle, person: Naming, *, capitals: bool) -> bool:
    """Whether a lone name means the person: written with a capital, and nobody else's name goes on behind it."""
    if capitals and text[start].islower():
        return False
    if needle.hyphen_bars and re.match(r"-[^\W\d_]", text[end : end + 2]) and text[end + 1].isupper():
        return False
    following = _NEXT_WORD.match(text, end)
    if not following or not following[2][0].isupper():
        return True
    if "\n" in following[1] and start - (text.rfind("\n", 0, start) + 1) < _WRAPPED_LINE:
        return True  # a line of its own, as in a list or a signature
    word = fold(following[2])
    return word in _PRONOUNS or any(part in person.words for part in _APART.split(word))


@functools.cache
def _unspaced() -> re.Pattern[str]:
    # Compiled only where a name is not in Latin letters: such ranges take long.
    return re.compile(
        "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u1100-\u11ff\u3130-\u318f"
        "\U00020000-\U0003ffff]"
    )


def _name_needles(name: str) -> Iterator[_Needle]:
    if not name.isascii() and _unspaced().search(name):
        yield from _unspaced_needles(name)
        return
    is_slavic = bool(_CYRILLIC.search(name)) or any(_SLAVIC.fullmatch(word) for word in name.casefold().split())
    written_small = name == name.lower() and name.isascii()
    for form in forms(without_comma(name)):
        tokens = [token for token in form.split(" ") if token.strip("._+-")]
        yield from _spelled_needles(tokens, written_small=written_small, is_slavic=is_slavic)


def without_comma(name: str) -> str:
    """The given name first, where a comma says that the family name was.

    >>> without_comma("Byron, Ada")
    'Ada Byron'
    """
    family, comma, given = name.partition(",")
    return f"{given.strip()} {family.strip()}" if comma and given.strip() else name


def _spelled_needles(tokens: list[str], *, written_small: bool, is_slavic: bool) -> Iterator[_Needle]:
    if not tokens:
        return
    patterns = [_token(token) for token in tokens]
    if len(tokens) == 1:
        yield _lone(tokens[0], is_given=False, needs_capital=not written_small)
    else:
        ends = (patterns[0], patterns[-1])
        for row in (patterns, [patterns[-1], *patterns[:-1]], list(ends), list(reversed(ends))):
            # A genitive's s belongs to the name: Swedish, German, Dutch write it without an apostrophe.
            yield _Needle(_must(tokens[-1]), f"{_BEFORE}{_GAP.join(row)}s?{_AFTER}")
        for index, token in enumerate(tokens):
            if len(token) >= _LONE_LETTERS and token not in EVERYDAY:
                yield _lone(token, is_given=index == 0, needs_capital=True)
                yield dataclasses.replace(_lone(f"{token}s", is_given=False, needs_capital=True), is_sure=False)
    if is_slavic:
        yield from _inflected(tokens)


def _token(token: str) -> str:
    return _JOIN.join(re.escape(piece) for piece in _APART.split(token) if piece)


def _must(token: str) -> str:
    return max(_APART.split(token), key=len)


def _lone(token: str, *, is_given: bool, needs_capital: bool) -> _Needle:
    pattern = f"{_BEFORE}{_token(token)}{_AFTER}"
    return _Needle(_must(token), pattern, is_lone=needs_capital, hyphen_bars=is_given)


def _inflected(tokens: list[str]) -> Iterator[_Needle]:
    """Declined forms: the stem with other endings, three letters more or less."""
    plain = [token for token in tokens if token.isalpha() and len(token) >= _LONE_LETTERS]
    if len(plain) >= 2:  # noqa: PLR2004 a given and a family name
        for row in ((plain[0], plain[-1]), (plain[-1], plain[0])):
            pattern = _GAP.join(rf"{re.escape(_stem(token))}[^\W\d_]{{0,{_STEM_CUT + _STEM_STRETCH}}}" for token in row)
            yield _Needle(_stem(row[0]), f"{_BEFORE}{pattern}{_AFTER}", is_sure=False)
    for token in plain:
        stem = _stem(token)
        # Three Latin letters begin too many words; in Cyrillic, where the endings are the rule, they will do.
        shortest = _STEM_SHORTEST + stem.isascii()
        if len(stem) >= shortest and token not in EVERYDAY and len(token) > _LONE_LETTERS:
            pattern = rf"{_BEFORE}{re.escape(stem)}[^\W\d_]{{0,{_STEM_CUT + _STEM_STRETCH}}}{_AFTER}"
            yield _Needle(stem, pattern, is_lone=True, is_sure=False, longest=len(token) + _STEM_STRETCH)


def _stem(token: str) -> str:
    return token[: max(len(token) - _STEM_CUT, min(_STEM_SHORTEST, len(token) - 1))]


def _unspaced_needles(name: str) -> Iterator[_Needle]:
    """Names in scripts without blanks are found anywhere, with or without blanks inside."""
    tokens = [token for token in fold(name).split(" ") if token]
    rows = [tokens, [tokens[-1], *tokens[:-1]]] if len(tokens) > 1 else [tokens]
    for row in rows:
        letters = "".join(row)
        yield _Needle(letters[0], "[ ]{0,2}".join(map(re.escape, letters)))
    for token in tokens if len(tokens) > 1 else ():
        if len(token) > 1:
            yield _Needle(token, re.escape(token))
    signs = unicodedata.normalize("NFC", name.strip())
    if len(tokens) == 1 and len(signs) > 2:  # noqa: PLR2004 a family name of one sign or of two, and the given name
        given = fold(signs[1:] if len(signs) == 3 else signs[2:])  # noqa: PLR2004
        yield _Needle(given, re.escape(given), is_sure=False)


def _handle_needles(handle: str) -> Iterator[_Needle]:
    plain = fold(handle.strip().lstrip("@"))
    if plain:
        yield _Needle(plain, rf"(?<!\w)@?{re.escape(plain)}(?!\w)")


def _url_needles(url: str) -> Iterator[_Needle]:
    begun = _URL.match(url)
    words = fold(url[begun.end() if begun else 0 :].strip().rstrip("/")).split(" ")
    if words != [""]:
        yield _Needle(max(words, key=len), rf"(?<![^\W_]){' {1,3}'.join(map(re.escape, words))}(?![\w-])")
