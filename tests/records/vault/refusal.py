"""What the tests of the vault ask of a refusal: that it is one of ours, and which."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec

import pytest

from policies.errors import ConductError

P = ParamSpec("P")


def code_of(act: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> str:
    """The code of the error that the act raises; fails when it raises none, or one that is not ours."""
    with pytest.raises(ConductError) as caught:
        act(*args, **kwargs)
    return caught.value.code
