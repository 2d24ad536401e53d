"""The wording rules that come with the program, read from their files, or from what Python keeps of them.

TOML takes longer to read than a draft to check, and a mail waits for it.  So a file is read as Python reads a module:
what came of it is kept in ``__pycache__`` beside it, and made anew when the file has changed.  Where nothing can be
written there, or PYTHONDONTWRITEBYTECODE is set, the file is read each time.
"""

from __future__ import annotations

import functools
import marshal
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

import policies
from policies.errors import WrongUsage
from policies.lint import folded, needed
from policies.lint.wording import Entry, read_entries


def read_wording() -> tuple[Entry, ...]:
    """The wording rules that come with the program, of all languages.  Raises WrongUsage: one cannot be read."""
    found: list[Entry] = []
    files = (Path(policies.__file__).parent / "lint.d").glob("*.toml")
    for file in sorted(files, key=lambda file: (file.stem != "en", file.stem)):  # what speaks for all is English
        try:
            found.extend(_entries(file))
        except (OSError, ValueError) as error:
            raise WrongUsage("bad-wording-rules", f"{file.name} cannot be read: {error}.") from None
    return tuple(found)


def _entries(file: Path) -> tuple[Entry, ...]:
    code = _Loader(file.name, str(file)).get_code(file.name)
    if code is None:
        raise ValueError("nothing came of it")
    table, of_patterns = marshal.loads(code.co_consts[0])  # noqa: S302 - kept as Python keeps the code beside it
    return read_entries(table, file.name, of_patterns)


class _Loader(SourceFileLoader):
    """Keeps of a file, as the one constant of its code, the table and what its patterns need, as Python keeps code."""

    def source_to_code(self, data: Any, path: Any, *, _optimization: int = -1) -> CodeType:  # type: ignore[override]  # noqa: ANN401
        """Read TOML where Python's own loader compiles."""
        import tomllib

        table = tomllib.loads(bytes(data).decode("utf-8"))
        entries = read_entries(table, Path(path).name)
        of_patterns = entries[0].needed if entries else {}
        return compile(repr(marshal.dumps((table, dict(of_patterns)))), path, "eval")

    def path_stats(self, path: Any) -> Any:  # noqa: ANN401
        """What says whether the file has changed: its own age and size, or the age of the code that reads it."""
        stats = super().path_stats(path)
        return {**stats, "mtime": max(stats["mtime"], _age_of_reading())}


@functools.cache
def _age_of_reading() -> float:
    return max(Path(str(file)).stat().st_mtime for file in (__file__, needed.__file__, folded.__file__))
