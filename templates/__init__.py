"""The words: every text that people read, as Jinja2 files that a committee can override.

One folder a text (``plan/body.txt``).  A committee's own folder is looked at first, so one file can be replaced and
the rest stay.  Templates run in a sandbox, an undefined name is an error, and what came by mail is only ever the
value of a variable, so that ``{{7*7}}`` in a mail comes out as it is.  Texts are plain text: nothing is escaped, and
whoever prints to a terminal cleans what came from outside before it is handed in here.
"""

from __future__ import annotations

import functools
import traceback
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from policies.errors import WrongUsage

_OURS: Final = Path(__file__).parent
# What a mistake in a template raises, besides Jinja's own errors: sums with words, missing keys, files in latin-1.
_MISTAKES: Final = (
    TemplateError,
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    RecursionError,
    OSError,
)


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 month", "14 months"; ``many`` where an s does not do."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def day(value: date | None, never: str = "never") -> str:
    """A date as it is written everywhere here, ``never`` for None."""
    return value.isoformat() if value else never


def listed(words: Iterator[str] | list[str] | tuple[str, ...], last: str = "and") -> str:
    """Words as people list them: "a", "a and b", "a, b and c"."""
    every = [str(word) for word in words]
    return f" {last} ".join(part for part in (", ".join(every[:-1]), *every[-1:]) if part)


@functools.lru_cache(maxsize=8)
def _environment(overrides: Path | None) -> ImmutableSandboxedEnvironment:
    folders = [str(folder) for folder in (overrides, _OURS) if folder is not None]
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folders, encoding="utf-8"),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"counted": counted, "day": day, "listed": listed}
    return environment


def render(name: str, /, overrides: Path | None = None, **values: object) -> str:
    """The text ``name`` (its ``body.txt``, or with a slash any file of its folder) with these values.

    Raises WrongUsage when a file of the committee's own (``overrides``) is broken, uses a name that is not there,
    or does what the sandbox forbids.  A fault in our own texts is raised as it is.
    """
    path = name if "/" in name else f"{name}/body.txt"
    try:
        return _environment(overrides).get_template(path).render(**values)
    except _MISTAKES as error:
        if overrides is None or (broken := _broken_file(error, overrides, path)) is None:
            raise
        raise WrongUsage(
            "bad-template", f"{broken}: {_what_is_wrong(error)}", "Mend the file, or remove it to get our text back."
        ) from None


def _broken_file(error: BaseException, overrides: Path, asked: str) -> str | None:
    """The override that is at fault, with its line; None when the fault lies in our own texts."""
    places = [(frame.filename, frame.lineno or 0) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, TemplateSyntaxError):
        places.append((error.filename or "", error.lineno))
    if isinstance(error, OSError):
        places.append((str(error.filename), 0))
    for filename, line in reversed(places):
        if Path(filename).is_relative_to(overrides):
            return f"{Path(filename).relative_to(overrides)}, line {line}" if line else filename
    # A file that cannot be decoded has no line yet.
    return asked if isinstance(error, UnicodeDecodeError) else None


def _what_is_wrong(error: BaseException) -> str:
    """What to tell; never the values, which may be personal."""
    if isinstance(error, TemplateSyntaxError):
        return f"{(error.message or 'it cannot be read').rstrip('.')}."
    if isinstance(error, TemplateNotFound):
        return "a template it includes does not exist."
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8."
    if isinstance(error, TemplateError):
        return f"{_first_name(error)} is not defined here, or not allowed."
    return "it cannot be worked out from the values there are."


def _first_name(error: TemplateError) -> str:
    """The name in Jinja's own message (``'countt' is undefined``), when it is plainly one of the template's words."""
    _, _, rest = (error.message or "").partition("'")
    name, quote, _ = rest.partition("'")
    return name if quote and name.isidentifier() else "something"
