"""HTML as the text that a mail program shows: hidden parts left out, link targets and quotes kept visible.

Neither parser at hand would do: the standard library's takes minutes for a hundred kilobytes of ``<a `` and gives up
on ``<![``; inscriptis returns nothing at all where elements are nested three hundred deep.  Both are easily sent, so
this is a reader of our own: one pass, no tree, time linear in the text.
"""

from __future__ import annotations

import dataclasses
import html
import re
from collections.abc import Iterator

HIDDEN = "hidden-text"
CUT = "text-cut"
MAX_HTML = 1024 * 1024
MAX_LINK = 1000
MAX_QUOTE_DEPTH = 20

_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9:_-]{0,40})")
_TAG_REST = re.compile(r"(?:[^\"'>]++|\"[^\"]*+\"|'[^']*+')*+>")
_ATTRIBUTE = re.compile(r"([a-zA-Z_:-]{1,40})\s*(?:=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+)))?")
_LONGEST_TAG = 8192
_RAW_ENDS = {
    name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "title", "template", "noframes")
}
# Not font-size:0, which layouts set around text of another size, nor mso-hide, which hides in one program only.
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$|!)", re.IGNORECASE)
_NO_BORDER = re.compile(r"border(?:-left)?\s*:\s*(?:none|0)", re.IGNORECASE)
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())  # noqa: SIM905
_SELF_CLOSING = frozenset({"p", "li", "td", "th", "tr", "dt", "dd", "option"})
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 "  # noqa: SIM905
    "header html legend main nav ol p pre section summary table tbody tfoot thead tr ul".split()
)
_SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "table", "pre"})
_INLINE_IMAGE = re.compile(r"data:[a-z]{1,20}/[^\"'()<>\s]{200,}+")
_SPACE = re.compile(r"[ \t\r\n\f\u00a0]+")
_LINKS = ("http://", "https://", "mailto:", "ftp://", "tel:", "xmpp:", "matrix:")


def html_to_text(source: str) -> tuple[str, set[str]]:
    """The text shown, quoted lines with ``>``, and the defects ``HIDDEN`` and ``CUT`` where they apply.

    Where everything is hidden, that is what there is to read.
    """
    source = _INLINE_IMAGE.sub("data:", source)
    page = _rendered(source, _Page())
    defects = ({HIDDEN} if page.has_hidden else set()) | ({CUT} if len(source) > MAX_HTML else set())
    if page.has_hidden and not any(line.strip() for line in page.lines):
        page = _rendered(source, _Page(shows_all=True))
    return "\n".join(page.lines).strip("\n"), defects


def _rendered(source: str, page: _Page) -> _Page:
    for name, attributes, text in _Scanner(source[:MAX_HTML]):
        if text:
            page.add_text(html.unescape(text))
        elif name.startswith("/"):
            page.close(name[1:])
        elif name:
            page.open(name, attributes)
    page.end_line()
    return page


class _Scanner:
    """Cuts HTML into (tag, attributes, "") and ("", "", text); a ``<`` that opens no tag is text."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._absent: set[str] = set()  # ends that do not come any more: looked for once, or time would not hold
        self._is_simple = False

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        source, at = self._source, 0
        while at < len(source):
            begin = source.find("<", at)
            begin = len(source) if begin < 0 else begin
            if begin > at:
                yield "", "", source[at:begin]
            tag = _TAG.match(source, begin)
            if tag:
                end = self._tag_end(tag.end())
                is_closing, name = source[begin + 1] == "/", tag[1].lower()
                yield "/" + name if is_closing else name, source[tag.end() : end].rstrip("/>"), ""
                at = end if is_closing else self._after_raw(end, name)
            else:
                at = self._after_markup(begin)
                yield "", "", source[begin:at] if at == begin + 1 else ""

    def _tag_end(self, at: int) -> int:
        """Where a tag ends, quotes respected; after one tag that does not, any ``>`` will do."""
        match = None if self._is_simple else _TAG_REST.match(self._source, at, at + _LONGEST_TAG)
        if match:
            return match.end()
        self._is_simple = True
        end = self._source.find(">", at, at + _LONGEST_TAG)
        return end + 1 if end >= 0 else at

    def _after_markup(self, begin: int) -> int:
        """Behind a comment, declaration or processing instruction; an unclosed one swallows only its first signs."""
        if self._source.startswith("<!--", begin):
            return self._after("-->", begin + 2) or begin + 4
        if self._source.startswith(("<!", "<?", "</"), begin):
            return self._after(">", begin) or begin + 2
        return begin + 1

    def _after_raw(self, at: int, name: str) -> int:
        """Behind the content of script, style and the like, which is no text."""
        if name not in _RAW_ENDS or name in self._absent:
            return at
        match = _RAW_ENDS[name].search(self._source, at)
        if match is None:
            self._absent.add(name)
        return match.start() if match else at

    def _after(self, end: str, at: int) -> int:
        """Behind the next ``end``, 0 where there is none."""
        found = -1 if end in self._absent else self._source.find(end, at)
        if found < 0:
            self._absent.add(end)
        return found + len(end) if found >= 0 else 0


def _attribute(attributes: str, wanted: str) -> str | None:
    """The value of one attribute, empty where it has none, None where it is absent."""
    if wanted not in attributes.lower():
        return None
    for match in _ATTRIBUTE.finditer(attributes):
        if match[1].lower() == wanted:
            return html.unescape(match[2] or match[3] or match[4] or "")
    return None


@dataclasses.dataclass(slots=True)
class _Page:
    """What has been shown so far; ``line`` is the line being written."""

    lines: list[str] = dataclasses.field(default_factory=list)
    line: list[str] = dataclasses.field(default_factory=list)
    quotes: list[tuple[str, int]] = dataclasses.field(default_factory=list)
    hidden_in: str = ""
    hidden_depth: int = 0
    has_hidden: bool = False
    shows_all: bool = False
    preformatted: int = 0
    link: str = ""
    link_at: int = 0
    wants_blank: bool = False
    is_held_open: bool = False

    def open(self, name: str, attributes: str) -> None:
        """A start tag."""
        if self.hidden_in:
            self._open_hidden(name)
            return
        if not self.shows_all and name not in _VOID and _is_hidden(attributes):
            self.hidden_in, self.hidden_depth = name, 1
            return
        if name in _BLOCKS or name in {"li", "br", "hr"}:
            self.end_line(is_forced=name == "br")
            self.wants_blank = self.wants_blank or name in _SPACED
        if name == "blockquote" or (name == "div" and self.quotes) or "yahoo_quoted" in attributes:
            self.quotes.append((name, self._quote_depth() + _is_quote(name, attributes)))
        self._open_inline(name, attributes)

    def _open_hidden(self, name: str) -> None:
        if name == self.hidden_in and name in _SELF_CLOSING:
            self.hidden_in = ""
        elif name == self.hidden_in:
            self.hidden_depth += 1

    def _open_inline(self, name: str, attributes: str) -> None:
        if name == "a":
            self.link, self.link_at = (_attribute(attributes, "href") or "").strip(), len(self.line)
        elif name == "img":
            alternative = _attribute(attributes, "alt") or ""
            self.line += [f"[{alternative}]"] if alternative.strip() else []
        elif name == "li":
            self.line.append("* ")
        elif name in {"td", "th"}:
            self.line += ["  "] if self.line else []
        elif name == "hr":
            self.lines.append(self._prefix() + "-" * 20)
        elif name == "pre":
            self.preformatted += 1

    def close(self, name: str) -> None:
        """An end tag."""
        if self.hidden_in:
            self.hidden_depth -= name == self.hidden_in
            self.hidden_in = self.hidden_in if self.hidden_depth > 0 else ""
            return
        if name == "a":
            self._show_link()
        if name in _BLOCKS or name == "li":
            self.end_line()
            self.wants_blank = self.wants_blank or name in _SPACED
        if self.quotes and name in {"div", "blockquote"}:
            self._close_quote(name)
        if name == "pre":
            self.preformatted = max(0, self.preformatted - 1)

    def _close_quote(self, name: str) -> None:
        if self.quotes[-1][0] == name:
            self.quotes.pop()
        elif name == "blockquote":
            while self.quotes and self.quotes.pop()[0] != name:
                pass

    def add_text(self, text: str) -> None:
        """Words between tags."""
        if self.hidden_in:
            self.has_hidden = self.has_hidden or bool(
                text.strip("\u00ad\u034f\u200b\u200c\u200d\u2007\ufeff \n\t\u00a0")
            )
        elif self.preformatted:
            first, *rest = text.replace("\r\n", "\n").split("\n")
            self.line.append(first)
            for more in rest:
                self.end_line(is_forced=True)
                self.line.append(more)
        else:
            # <div>&nbsp;</div>: so Outlook writes an empty line, also the one below the header of a mail it forwards.
            self.is_held_open = self.is_held_open or "\u00a0" in text
            collapsed = _SPACE.sub(" ", text)
            follows_blank = not self.line or self.line[-1].endswith(" ")
            self.line.append(collapsed.lstrip(" ") if follows_blank else collapsed)

    def _show_link(self) -> None:
        link, self.link = self.link, ""
        shown = "".join(self.line[self.link_at :]).strip() if link else ""
        bare = link.removeprefix("mailto:").removeprefix("https://").removeprefix("http://").rstrip("/")
        if link.lower().startswith(_LINKS) and bare and bare not in shown:
            self.line.append(f" <{link[:MAX_LINK]}>")

    def end_line(self, *, is_forced: bool = False) -> None:
        """Finish the line; an empty one only where it is asked for."""
        text = "".join(self.line)
        text = text.rstrip() if self.preformatted else text.strip(" ")
        is_held_open, self.is_held_open = self.is_held_open, False
        self.line, self.link_at = [], 0
        if not text and not is_forced:
            self.wants_blank = self.wants_blank or is_held_open
            return
        if self.wants_blank and self.lines and self.lines[-1].strip("> "):
            self.lines.append(self._prefix().rstrip())
        self.wants_blank = False
        self.lines += [(self._prefix() + line).rstrip() for line in text.split("\n")]

    def _quote_depth(self) -> int:
        return self.quotes[-1][1] if self.quotes else 0

    def _prefix(self) -> str:
        depth = min(MAX_QUOTE_DEPTH, self._quote_depth())
        return ">" * depth + " " if depth else ""


def _is_hidden(attributes: str) -> bool:
    if not attributes:
        return False
    style = _attribute(attributes, "style")
    return (style is not None and _HIDING.search(style) is not None) or _attribute(attributes, "hidden") is not None


def _is_quote(name: str, attributes: str) -> bool:
    """Whether an element quotes; a blockquote without border only indents."""
    if name != "blockquote":
        return "yahoo_quoted" in attributes
    return _NO_BORDER.search(_attribute(attributes, "style") or "") is None
