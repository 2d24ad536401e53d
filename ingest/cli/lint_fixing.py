"""``conduct lint --fix``: the mended mail to a file or standard output, or as a diff; it never sends."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from ingest.cli.output import say, show
from ingest.home import replace_file
from policies.errors import Unavailable
from policies.lint.checked import Checked
from policies.lint.draft import Draft
from policies.lint.fix import Fixed, Look, fix
from policies.lint.redaction import redactor
from policies.lint.verdict import Verdict


def mend(raw: bytes, look: Look, *, diff: bool, out: Path | None, reveal: bool) -> tuple[Checked, Verdict, bool]:
    """Mend the mail and hand it over; the check of what came out, and whether standard output is taken.

    What could not be mended is said on stderr, with the lines to paste.
    """
    fixed = fix(raw, look)
    checked, verdict = look(fixed.raw)
    _tell(fixed, checked, reveal=reveal)
    if out is not None and str(out) != "-":
        _write(out, fixed.raw)
    if diff:
        for line in _diff(Draft(raw), Draft(fixed.raw)):
            show(line)
        return checked, verdict, True
    is_taken = out is None or str(out) == "-"
    if is_taken:
        sys.stdout.flush()
        sys.stdout.buffer.write(fixed.raw)
    return checked, verdict, is_taken


def _tell(fixed: Fixed, checked: Checked, *, reveal: bool) -> None:
    for sentence in fixed.refusals:
        say(sentence)
    if fixed.to_paste:
        # The lines are names; a log gets them blacked out like everything else.
        hide: Callable[[str, Sequence[str]], str] = redactor(checked)
        is_shown = reveal or sys.stderr.isatty()
        say("Lines to paste at the top:")
        for line in fixed.to_paste:
            say(f"  {line if is_shown else hide(line, ())}")


def _diff(before: Draft, after: Draft) -> Iterator[str]:
    """What changes in the header and in each displayed text, as a reader of the mail would see it."""
    yield from _unified("header", _header_lines(before), _header_lines(after))
    for one, other in zip(before.texts, after.texts, strict=True):
        name = f"text {one.index + 1} ({one.part.type})"
        yield from _unified(name, one.part.text[0].split("\n"), other.part.text[0].split("\n"))


def _header_lines(mail: Draft) -> list[str]:
    return mail.raw[: mail.header.end].decode("utf-8", "replace").splitlines()


def _unified(name: str, before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    yield from difflib.unified_diff(before, after, f"a/{name}", f"b/{name}", n=2, lineterm="")


def _write(path: Path, raw: bytes) -> None:
    try:
        replace_file(path, raw)
    except OSError as error:
        raise Unavailable("unwritable-file", f"{path} cannot be written: {error.strerror}.") from None
