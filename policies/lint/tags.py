"""HTML in tags and text, each with its place, in linear time whatever is written (WHATWG HTML 13.2.5, simplified).

The parser of the standard library takes minutes on a mail of nothing but ``<a <a <a``, and raises on ``<![``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Final, NamedTuple

from policies.patterns import late

_ATTRIBUTE: Final = late(r"""([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"'][^\s>]*+))?+)?+""")
_TAG: Final = late(
    r"""<(/?)([a-zA-Z][^\s/>]*+)((?:[\s/]++|[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+)*+)>"""
)
_BEGIN: Final = late(r"</?[a-zA-Z]")
_SIMPLE_TAG: Final = late(r"<(/?)([a-zA-Z][^\s/>]*+)([^>]*+)>")
_RAW_TEXT: Final = frozenset({"script", "style", "title", "textarea", "xmp", "noembed", "noframes"})
_MOST_ATTRIBUTES: Final = 500


class Token(NamedTuple):
    """A tag, or text where ``name`` is empty: ``text[start:end]``; ``words`` is the text with references read."""

    start: int
    end: int
    name: str
    is_end: bool
    attributes: Mapping[str, str]
    words: str

    def __repr__(self) -> str:
        """What it is."""
        return f"Token({self.name or 'text'})"


def read_tags(text: str) -> Iterator[Token]:
    """The tags and texts in their order; comments and declarations are left out."""
    at = begun = 0
    tag = _TAG
    while (at := text.find("<", at)) >= 0:
        if text.startswith(("<!", "<?"), at):
            yield from _words(text, begun, at)
            at = begun = _after_comment(text, at)
            continue
        match = tag.match(text, at)
        if match is None:
            if _BEGIN.match(text, at) is None:
                at += 1
                continue
            if text.find(">", at) < 0:
                break  # nothing can close any more, so the rest is shown
            tag = _SIMPLE_TAG  # a quotation mark is missing: no mark counts from here on
            continue
        yield from _words(text, begun, at)
        name = match[2].casefold()
        yield Token(at, match.end(), name, bool(match[1]), _attributes(match[3]), "")
        at = begun = match.end()
        if name in _RAW_TEXT and not match[1]:
            closing = re.compile(rf"</{re.escape(name)}", re.IGNORECASE).search(text, at)
            at = closing.start() if closing else at
    yield from _words(text, begun, len(text))


def _words(text: str, start: int, end: int) -> Iterator[Token]:
    if start < end:
        yield Token(start, end, "", is_end=False, attributes={}, words=unescape(text[start:end]))


def _after_comment(text: str, at: int) -> int:
    closing = "-->" if text.startswith("<!--", at) else ">"
    found = text.find(closing, at + 2)
    return len(text) if found < 0 else found + len(closing)


def _attributes(words: str) -> dict[str, str]:
    given: dict[str, str] = {}
    for number, match in enumerate(_ATTRIBUTE.finditer(words)):
        if number >= _MOST_ATTRIBUTES:
            break
        given.setdefault(match[1].casefold(), unescape(match[2] or match[3] or match[4] or ""))
    return given
