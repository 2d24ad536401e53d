"""format=flowed (RFC 3676) as a mail program shows it, each shown line with the lines of the part it comes from."""

from __future__ import annotations

from typing import Final, NamedTuple

from policies.patterns import late

_SIGNATURE: Final = "-- "
_QUOTES: Final = late(">*")


class FlowedLine(NamedTuple):
    """One shown line: how deep it is quoted, its words, and whether its first line was space-stuffed."""

    depth: int
    text: str
    first: int
    is_stuffed: bool

    def __repr__(self) -> str:
        """Where it begins."""
        return f"FlowedLine({self.first})"


def read_flowed(text: str, *, deletes_space: bool) -> tuple[FlowedLine, ...]:
    """The shown lines; a paragraph broken in soft line ends is one line.

    >>> [line.text for line in read_flowed("Thank you \\nfor writing.\\n> no", deletes_space=False)]
    ['Thank you for writing.', 'no']
    """
    shown: list[FlowedLine] = []
    held: list[str] = []
    open_line: FlowedLine | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        depth, rest, is_stuffed = _unstuffed(line)
        is_soft = rest.endswith(" ") and rest != _SIGNATURE
        if open_line is not None and (open_line.depth != depth or rest == _SIGNATURE):
            shown.append(open_line._replace(text="".join(held)))
            open_line, held = None, []
        if open_line is None:
            open_line = FlowedLine(depth, "", number, is_stuffed)
        held.append(rest[:-1] if is_soft and deletes_space else rest)
        if not is_soft:
            shown.append(open_line._replace(text="".join(held)))
            open_line, held = None, []
    if open_line is not None:
        shown.append(open_line._replace(text="".join(held)))
    return tuple(shown)


def _unstuffed(line: str) -> tuple[int, str, bool]:
    match = _QUOTES.match(line)
    depth = match.end() if match else 0
    rest = line[depth:]
    is_stuffed = rest.startswith(" ")
    return depth, rest[1:] if is_stuffed else rest, is_stuffed
