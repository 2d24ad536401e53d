"""Patterns that are compiled late: they do what compiled ones do, and every one of the rules' can be compiled."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest

import policies
from policies.patterns import _METHODS, late

_DIGITS = late(r"(\d+)-(\d+)", re.IGNORECASE)


def _late_ones() -> dict[str, re.Pattern[str] | re.Pattern[bytes]]:
    found: dict[str, re.Pattern[str] | re.Pattern[bytes]] = {}
    for module in pkgutil.walk_packages(policies.__path__, "policies."):
        for name, held in vars(importlib.import_module(module.name)).items():
            if type(held) is type(_DIGITS):
                found[f"{module.name}.{name}"] = held
    return found


def test_every_late_pattern_compiles() -> None:
    found = _late_ones()
    assert len(found) > 80
    for name, pattern in found.items():
        assert isinstance(pattern.groups, int), name


@pytest.mark.parametrize("method", _METHODS)
def test_it_has_the_methods_of_a_compiled_one(method: str) -> None:
    assert getattr(_DIGITS, method) == getattr(re.compile(r"(\d+)-(\d+)", re.IGNORECASE), method)


def test_bytes_and_flags_are_kept() -> None:
    pattern = late(rb"a+", re.IGNORECASE)
    assert pattern.sub(b"x", b"bAa") == b"bx"
    assert pattern.pattern == rb"a+"


def test_a_bad_pattern_is_refused_at_its_first_use() -> None:
    with pytest.raises(re.error):
        late("(").match("")
