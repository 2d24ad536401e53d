"""Where words that a reader sees stand in the written text, and where the first shown line begins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from html.entities import codepoint2name
from typing import Final

from policies.errors import Refused
from policies.lint.displayed import MOST_LINES, Line, Text
from policies.lint.html import read_html
from policies.lint.surgery import Rewrite, Written
from policies.lint.tags import read_tags
from policies.values import value

_SIGN: Final = re.compile(r"[ \t\ufeff]*[>＞][ \t]?")
_EMPTY_QUOTED: Final = re.compile(r"[ \t\ufeff]*[>＞][ \t]*")
_SEPARATOR_BEHIND: Final = re.compile(r"\s*[,/;]?\s*")
_SEPARATOR_AHEAD: Final = re.compile(r"\s*[,/;]?\s*\Z")
# Possessive, or a mail of nothing but tags takes for ever.
_TAGS: Final = "(?:<[^<>]{0,500}>)*+"
_TAG: Final = re.compile("<[^<>]{0,500}>")
_SPACE: Final = r"(?:[\s\xa0]|&nbsp;|&#160;|&#[xX][aA]0;)"
_BLANK: Final = rf"{_SPACE}(?:{_SPACE}|<[^<>]{{0,500}}>)*+"
_WRAPPED: Final = re.compile(r"<(p|div)\b[^<>]*>\s*\Z", re.IGNORECASE)
_DECLARED: Final = re.compile(r"\s*<!doctype[^<>]*>", re.IGNORECASE)
_MOST_MATCHES: Final = 50
_MOST_EDITS: Final = 50
_SPACES: Final = re.compile(r"\s+")


@value
class LineEdit:
    """``line.text[start:end]`` of a shown line becomes ``new``; ``drops_sign``: and its quote sign goes."""

    line: Line
    start: int
    end: int
    new: str
    drops_sign: bool = False

    def __repr__(self) -> str:
        """Where."""
        return f"LineEdit({self.line.number})"


def placed(text: Text, written: Written, edits: Sequence[LineEdit]) -> list[Rewrite]:
    """The edits as changes of the written text.  Raises Refused where a shown word cannot be found in it."""
    if not edits:
        return []
    return _in_html(text, written, edits) if text.is_html else _in_plain(text, written, edits)


def inserted(text: Text, written: Written, lines: Sequence[str]) -> Rewrite:
    """The change that puts these lines above everything shown."""
    if text.is_html:
        at = _html_start(written.exact)
        block = written.line_end.join(f"<div>{escape(line, quote=False)}</div>" for line in lines) + written.line_end
        return Rewrite(at, at, (written.line_end if at else "") + block)
    block = "".join(line + written.line_end for line in lines)
    return Rewrite(0, 0, block)


# ---------------------------------------------------------------- plain text


def _in_plain(text: Text, written: Written, edits: Sequence[LineEdit]) -> list[Rewrite]:
    starts = _line_starts(written.exact)
    is_flowed = text.part.parameter("format").casefold() == "flowed"
    changes: list[Rewrite] = []
    by_line: dict[int, list[LineEdit]] = {}
    for edit in edits:
        by_line.setdefault(edit.line.number, []).append(edit)
    for number, here in by_line.items():
        start, end = starts[number - 1], starts[number] if number < len(starts) else len(written.exact)
        source = written.exact[start:end]
        words = source.rstrip("\r\n")
        new = _new_line(words, here, is_flowed=is_flowed)
        if not new.strip(" \t*_\ufeff"):
            changes.append(Rewrite(start, end, ""))
        else:
            changes.append(Rewrite(start, start + len(words), new))
        if here[0].drops_sign:
            changes += _empty_quoted(written.exact, starts, number)
    return changes


def _line_starts(exact: str) -> list[int]:
    if "\r" in exact.replace("\r\n", ""):
        raise Refused("bare-cr", "The text has line ends that mail programs read in different ways.")
    return [0, *(match.end() for match in re.finditer("\n", exact))]


def _new_line(words: str, edits: Sequence[LineEdit], *, is_flowed: bool) -> str:
    new = words
    for edit in sorted(edits, key=lambda one: one.start, reverse=True):
        shown = edit.line.text[edit.start : edit.end]
        at = _nearest(new, shown, edit.start) if is_flowed else edit.start
        if new[at : at + len(shown)] != shown:
            raise Refused("not-found", "A note could not be found in the bytes of the text.")
        new = _cut(new, at, at + len(shown), edit.new)
    if edits[0].drops_sign:
        new = _SIGN.sub("", new, count=1)
    return new


def _nearest(words: str, shown: str, wanted: int) -> int:
    places = [match.start() for match in re.finditer(re.escape(shown), words)]
    return min(places, key=lambda place: abs(place - wanted), default=-1)


def _cut(words: str, start: int, end: int, new: str) -> str:
    """The line with this piece replaced; where nothing replaces it, its marks and separators go as well."""
    if new:
        return words[:start] + new + words[end:]
    ahead, behind = words[:start], words[end:]
    while ahead and behind and ahead[-1] == behind[0] and ahead[-1] in "*_":
        ahead, behind = ahead[:-1], behind[1:]
    if not ahead.strip(" \t>＞\ufeff"):
        return ahead + behind[_separator(behind) :]
    match = _SEPARATOR_AHEAD.search(ahead[-40:])
    return ahead[: len(ahead) - (len(match[0]) if match else 0)] + behind


def _separator(behind: str) -> int:
    match = _SEPARATOR_BEHIND.match(behind)
    return match.end() if match else 0


def _empty_quoted(exact: str, starts: Sequence[int], number: int) -> Iterator[Rewrite]:
    """The lines right below that hold a quote sign and nothing else: they belong to what was pasted."""
    for index in range(number, len(starts)):
        end = starts[index + 1] if index + 1 < len(starts) else len(exact)
        if not _EMPTY_QUOTED.fullmatch(exact[starts[index] : end].rstrip("\r\n")):
            return
        yield Rewrite(starts[index], end, "")


# ---------------------------------------------------------------- HTML


def _html_start(exact: str) -> int:
    """After ``<body>``; in a text without it after the head or what stands above it, else the very beginning."""
    found: dict[str, int] = {}
    for token in read_tags(exact):
        if (token.name in {"html", "body"} and not token.is_end) or (token.name == "head" and token.is_end):
            found.setdefault(token.name, token.end)
        if "body" in found:
            break
    declared = _DECLARED.match(exact)
    return next((found[name] for name in ("body", "head", "html") if name in found), declared.end() if declared else 0)


def _in_html(text: Text, written: Written, edits: Sequence[LineEdit]) -> list[Rewrite]:
    if len(edits) > _MOST_EDITS:
        raise Refused("too-many-notes", "The HTML holds more notes than people write.")
    bare = [edit for edit in edits if edit.line.is_bare_quote]
    changes = [_blockquote(written.exact)] if bare else []
    exact = written.exact
    shown = [line.text for line in text.lines]
    limit = len(exact)
    for edit in sorted((e for e in edits if e not in bare), key=lambda e: (e.line.number, e.start), reverse=True):
        index = edit.line.number - 1
        words, start = shown[index], edit.start
        sign = _SIGN.match(words) if edit.drops_sign else None
        if sign and sign.end() == start:
            start = 0
        shown[index] = words[:start] + edit.new + words[edit.end :]
        exact, change = _replaced(exact, words[start : edit.end], edit.new, _flat(shown), limit)
        limit = change.start
        changes.append(change)
    return changes


def _replaced(exact: str, words: str, new: str, wanted: Sequence[str], limit: int) -> tuple[str, Rewrite]:
    """The text with the one occurrence of these words replaced after which it shows exactly what it should."""
    for number, match in enumerate(_pattern(words).finditer(exact, 0, limit)):
        if number >= _MOST_MATCHES:
            break
        for start, end in dict.fromkeys((*_with_wrapper(exact, match, new), match.span())):
            tags = "".join(_TAG.findall(exact[start:end])) if (start, end) == match.span() else ""
            tried = exact[:start] + escape(new, quote=False) + tags + exact[end:]
            lines, *_ = read_html(tried, MOST_LINES)
            if _flat([line.text for line in lines]) == wanted:
                return tried, Rewrite(start, end, escape(new, quote=False) + tags)
    raise Refused("not-found", "A note could not be found in the bytes of the HTML.")


def _with_wrapper(exact: str, match: re.Match[str], new: str) -> Iterator[tuple[int, int]]:
    """The paragraph that holds nothing else, where nothing takes its place."""
    before = None if new else _WRAPPED.search(exact, max(0, match.start() - 600), match.start())
    behind = before and re.compile(rf"\s*</{before[1]}>(?:\r?\n)?", re.IGNORECASE).match(exact, match.end())
    if before and behind and not _TAG.search(match[0]):
        yield before.start(), behind.end()


def _pattern(words: str) -> re.Pattern[str]:
    pieces = [_BLANK if letter.isspace() else _letter(letter) for letter in _SPACES.sub(" ", words)]
    return re.compile(_TAGS.join(pieces))


def _letter(letter: str) -> str:
    number = ord(letter)
    names = {"&" + codepoint2name[number] + ";"} if number in codepoint2name else set()
    forms = {letter, *names, f"&#{number};", f"&#x{number:x};", f"&#x{number:X};"}
    return f"(?:{'|'.join(map(re.escape, sorted(forms)))})"


def _flat(lines: Sequence[str]) -> list[str]:
    squeezed = (_SPACES.sub(" ", line).strip() for line in lines)
    return [line for line in squeezed if line]


def _blockquote(exact: str) -> Rewrite:
    """The first blockquote, whole: it holds the pasted notes and nothing else."""
    match = re.search(r"<blockquote\b[^<>]*>.*?</blockquote\s*>(?:\r?\n)?", exact, re.IGNORECASE | re.DOTALL)
    if match is None or match[0].casefold().count("<blockquote") > 1:
        raise Refused("not-found", "A pasted note could not be found in the bytes of the HTML.")
    return Rewrite(match.start(), match.end(), "")
