"""HTML as a mail program shows it, in lines: what is hidden left out, what is quoted marked, link targets apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from policies.lint.tags import Token, read_tags
from policies.patterns import late
from policies.values import value
from policies.words import each_of

MAX_OPEN: Final = 10_000
_TAGS_A_LINE: Final = 4
_BLOCKS: Final = each_of(
    "address article aside blockquote body br center dd details div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td "
    "tfoot th thead tr ul"
)
_UNSHOWN: Final = frozenset(["head", "style", "script", "title", "template", "noscript"])
# What says something by its name alone.
_TELLING: Final = _UNSHOWN | {"blockquote", "pre"}
_VOID: Final = each_of("area base br col embed hr img input link meta param source track wbr")
_QUOTE_NAMES: Final = frozenset({
    "gmail_quote", "gmail_quote_container", "moz-cite-prefix", "yahoo_quoted", "divrplyfwdmsg", "appendonsend",
})  # fmt: skip
# After these the rest of the mail is quoted, whatever closes: Outlook marks only where the quote begins.
_QUOTE_TO_END: Final = frozenset({"divrplyfwdmsg", "appendonsend"})
_HIDING: Final = late(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0+(?:\.0+)?(?:px|pt|em|rem|%)?\s*(?:;|!|$)|mso-hide\s*:\s*all"
)
_SPACES: Final = late(r"[ \t\r\n\f]+")
_TARGETS: Final = ("href", "src", "alt", "title", "cite", "action", "background")


class ShownLine(NamedTuple):
    """One line of what is shown.  ``is_bare_quote``: it stands in a first blockquote that no program has marked."""

    text: str
    is_quote: bool
    is_bare_quote: bool

    def __repr__(self) -> str:
        """How long."""
        return f"ShownLine({len(self.text)})"


@value
class Target:
    """What an attribute carries unseen: a link's target, a picture's name or description, at a shown line's index."""

    attribute: str
    value: str
    line: int
    is_quote: bool

    def __repr__(self) -> str:
        """Which attribute."""
        return f"Target({self.attribute})"


class _Open(NamedTuple):
    tag: str
    is_hidden: bool
    is_quote: bool
    is_bare: bool
    is_preformatted: bool


class _Shower:
    def __init__(self) -> None:
        self.lines: list[ShownLine] = []
        self.targets: list[Target] = []
        self.pieces: list[str] = []
        self.open: list[_Open] = [_Open("", False, False, False, False)]
        self.counts: dict[str, int] = {}
        self.rest_is_quote = False
        self.line_state = (False, False)
        self.has_shown = False
        self.has_bare = False

    def take(self, token: Token) -> None:
        if not token.name:
            self.show(token.words)
        elif token.is_end:
            self.end(token.name)
        else:
            self.begin(token.name, token.attributes)

    def begin(self, tag: str, given: Mapping[str, str]) -> None:
        if tag in _BLOCKS:
            self.end_line()
        here = self._entered(tag, given)
        if here.is_quote and not self.open[-1].is_quote:
            self.end_line()
        if not here.is_hidden:
            for name in _TARGETS:
                if given.get(name):
                    self.targets.append(Target(name, given[name], len(self.lines), self._is_quote(here)))
        if tag not in _VOID and len(self.open) < MAX_OPEN:
            self.open.append(here)
            self.counts[tag] = self.counts.get(tag, 0) + 1

    def _entered(self, tag: str, given: Mapping[str, str]) -> _Open:
        outer = self.open[-1]
        if not given and tag not in _TELLING:
            return outer._replace(tag=tag)
        style = given.get("style", "").casefold()
        names = {name.casefold() for name in (*given.get("class", "").split(), given.get("id", ""))}
        # Programs put a prefix before the class names of what they quote themselves.
        marked = {name.removeprefix("x_") for name in names} & _QUOTE_NAMES
        if marked & _QUOTE_TO_END:
            self.end_line()
            self.rest_is_quote = True
        is_bare = tag == "blockquote" and not self.has_shown and not self.has_bare
        is_bare = is_bare and not (given.keys() & {"class", "type", "cite"})
        self.has_bare = self.has_bare or is_bare
        return _Open(
            tag,
            outer.is_hidden or tag in _UNSHOWN or "hidden" in given or _HIDING.search(style) is not None,
            outer.is_quote or tag == "blockquote" or bool(marked),
            outer.is_bare or is_bare,
            outer.is_preformatted or tag == "pre",
        )

    def end(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.end_line()
        if not self.counts.get(tag):
            return
        while self.open[-1].tag != tag:
            self._leave()
        self._leave()

    def _leave(self) -> None:
        left = self.open.pop()
        self.counts[left.tag] -= 1
        if left.is_quote and not self.open[-1].is_quote:
            self.end_line()

    def _is_quote(self, here: _Open) -> bool:
        return here.is_quote or self.rest_is_quote

    def show(self, data: str) -> None:
        here = self.open[-1]
        if here.is_hidden:
            return
        self.line_state = (self._is_quote(here), here.is_bare)
        if not here.is_preformatted:
            self._show(_SPACES.sub(" ", data))
            return
        for index, line in enumerate(data.replace("\r\n", "\n").split("\n")):
            if index:
                self.end_line()
            self._show(line)

    def _show(self, text: str) -> None:
        if text:
            self.pieces.append(text)
        self.has_shown = self.has_shown or (bool(text.strip()) and not self.open[-1].is_bare)

    def end_line(self) -> None:
        text = "".join(self.pieces).strip(" \t\xa0")
        here = self.open[-1]
        is_quote, is_bare = self.line_state if self.pieces else (self._is_quote(here), here.is_bare)
        if text or (self.lines and self.lines[-1].text):
            self.lines.append(ShownLine(text.replace("\xa0", " "), is_quote, is_bare))
        self.pieces = []


def read_html(text: str, most_lines: int) -> tuple[tuple[ShownLine, ...], tuple[Target, ...], bool]:
    """The shown lines, what attributes carry, and whether that is all: no more is read than so many lines, or tags.

    Empty lines stand between paragraphs, never two in a row.
    """
    shower, is_whole = _Shower(), True
    for number, token in enumerate(read_tags(text)):
        if number >= _TAGS_A_LINE * most_lines or len(shower.lines) >= most_lines:
            is_whole = False
            break
        shower.take(token)
    shower.end_line()
    return tuple(shower.lines), tuple(shower.targets), is_whole
