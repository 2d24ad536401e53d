"""What ``conduct lint`` is given: the draft, earlier messages, the context file, what a member allows."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from policies.errors import UnreadableInput, WrongUsage
from policies.lint.allowing import Allowance, for_safety, refuse_unlawful
from policies.lint.checked import Stored, Via
from policies.lint.context import Context
from policies.lint.context_file import parse_context
from policies.lint.draft import Draft

MAX_DRAFT_BYTES: Final = 256 * 1024 * 1024
MAX_CONTEXT_BYTES: Final = 16 * 1024 * 1024


def read_bytes(path: Path, limit: int = MAX_DRAFT_BYTES) -> bytes:
    """The bytes of a file, or of standard input for ``-``.

    Raises UnreadableInput: it cannot be read, is empty, or is beyond all measure.
    """
    try:
        if str(path) == "-":
            raw = sys.stdin.buffer.read(limit + 1)
        else:
            with path.open("rb") as file:
                raw = file.read(limit + 1)
    except OSError as error:
        raise UnreadableInput("unreadable-file", f"{path} cannot be read: {error.strerror}.") from None
    if not raw.strip():
        raise UnreadableInput("empty-draft", f"{path} is empty.", "Give the whole mail, header first.")
    if len(raw) > limit:
        raise UnreadableInput("too-large", f"{path} has more than {limit // 1024 // 1024} MiB.")
    return raw


def read_stored(paths: Sequence[Path], via: Via) -> Iterator[Stored]:
    """The earlier messages in these files."""
    for path in paths:
        yield Stored(Draft(read_bytes(path)), via)


def read_context(path: Path) -> Context:
    """The context file.  Raises WrongUsage, naming the place that is wrong."""
    try:
        text = read_bytes(path, MAX_CONTEXT_BYTES).decode("utf-8")
    except UnreadableInput as error:
        raise WrongUsage("bad-context", f"The context file: {error.sentence}", error.hint) from None
    except UnicodeDecodeError:
        raise WrongUsage("bad-context", "The context file is not UTF-8.") from None
    try:
        return parse_context(json.loads(text, object_pairs_hook=_object))
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise WrongUsage("bad-context", f"The context file is no JSON: {error.msg} in {place}.") from None
    except RecursionError:
        raise WrongUsage("bad-context", "The context file is nested too deep.") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(key for key, _ in pairs if sum(key == other for other, _ in pairs) > 1)
        raise WrongUsage("bad-context", f"The context file: {twice[:100]}: given twice in one object.")
    return found


def read_allowances(allow: Sequence[str], reason: str | None, *, safety: bool = False) -> tuple[Allowance, ...]:
    """What --allow, --safety and --reason say.

    Raises WrongUsage: one without the other, or no rule of that name; Refused: a rule that no reason lifts.
    """
    words = (reason or "").strip()
    if bool(allow or safety) is not bool(words):
        missing = "--reason" if allow or safety else "--allow"
        raise WrongUsage("allow-without-reason", f"--allow and --reason belong together: {missing} is missing.")
    split = (one.partition("=") for one in allow)
    found = tuple(Allowance(rule.strip(), about.strip(), words) for rule, _, about in split)
    refuse_unlawful(found)  # before anybody is asked for a passphrase
    return (*found, for_safety(words)) if safety else found
