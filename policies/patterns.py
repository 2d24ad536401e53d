"""Regular expressions that are compiled when first used: a check that looks at one mail needs a third of them."""

from __future__ import annotations

import re
from typing import Any, AnyStr, Final, cast

_METHODS: Final = ("match", "fullmatch", "search", "finditer", "findall", "split", "sub", "subn")


class _Late:
    """A pattern not yet compiled; at its first use it takes over the compiled one's methods, and is as fast."""

    def __init__(self, source: str | bytes, flags: int) -> None:
        self._source, self._flags = source, flags

    def __repr__(self) -> str:
        """The pattern."""
        return f"late({self._source!r})"

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a compiled pattern has
        if name.startswith("_"):
            raise AttributeError(name)
        compiled = re.compile(self._source, self._flags)
        self.__dict__.update((each, getattr(compiled, each)) for each in _METHODS)
        return getattr(compiled, name)


def late(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What ``re.compile`` returns, compiled when first used.  An error in it shows only then; a test tries all."""
    return cast("re.Pattern[AnyStr]", _Late(source, flags))
