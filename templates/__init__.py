"""The words: every sentence of some length that people read, one folder a text, each of which a committee may override.

``render(name, **values)`` fills ``NAME/body.txt`` with values.  Texts are plain, in English, and sandboxed; an
undefined name is an error, and what came by mail is only ever a value, so ``{{7*7}}`` in a mail comes out as it is.
A committee's own version lies in its home under ``templates/NAME/body.txt``.  This package decides nothing.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, Final

from jinja2 import BaseLoader, Environment, FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from policies.errors import WrongUsage

_OWN: Final = Path(__file__).parent


def render(name: str, /, overrides: Path | None = None, **values: Any) -> str:  # noqa: ANN401  whatever a text needs
    """The text ``name`` with these values; ``overrides`` is the folder of the committee's own wordings, if any.

    Raises WrongUsage naming the file: an overriding text is broken, or uses a name that it is not given.
    """
    try:
        text = _environment(overrides).get_template(f"{name}/body.txt").render(**values)
    except TemplateError as error:
        place = f"{name}/body.txt"
        line = getattr(error, "lineno", None)
        raise WrongUsage(
            "bad-template",
            f"The text {place} cannot be filled in: {type(error).__name__}{f' in line {line}' if line else ''}.",
            "Mend it in the home's templates folder, or delete it there to have the one that ships.",
        ) from None
    return text.strip("\n") + "\n"


@functools.cache
def _environment(overrides: Path | None) -> Environment:
    folders = [overrides, _OWN] if overrides is not None else [_OWN]
    loader: BaseLoader = FileSystemLoader([str(folder) for folder in folders])
    environment = SandboxedEnvironment(
        loader=loader,
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  plain text; nothing here becomes HTML
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"day": _day, "count": _count, "listed": _listed}
    return environment


def _day(value: date | None, otherwise: str = "never") -> str:
    """A day as YYYY-MM-DD, or what stands for none."""
    return value.isoformat() if value is not None else otherwise


def _count(number: int, noun: str, plural: str = "") -> str:
    """``1 mail``, ``2 mails``."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def _listed(values: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    found = [str(value) for value in values]
    return " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)
