"""Values that cost little to define behave as frozen dataclasses do."""

from __future__ import annotations

import dataclasses
import pickle
from functools import cached_property

import pytest

from policies.values import value


@value
class Plain:
    """Two fields."""

    one: int
    many: tuple[int, ...] = ()


@value
class Keeping:
    """One field, and something worked out from it."""

    word: str

    @cached_property
    def letters(self) -> frozenset[str]:
        """What it is made of."""
        return frozenset(self.word)


@value
class Checked:
    """Three fields; one is no part of what is compared, one of what is shown, and one must not be empty."""

    word: str
    origin: str = dataclasses.field(default="", compare=False)
    text: str = dataclasses.field(default="", repr=False)

    def __post_init__(self) -> None:
        """Refuse an empty word."""
        if not self.word:
            raise ValueError("no word")


def test_it_is_checked_when_made_and_when_replaced() -> None:
    with pytest.raises(ValueError, match="no word"):
        Checked("")
    with pytest.raises(ValueError, match="no word"):
        dataclasses.replace(Checked("a"), word="")


def test_a_field_may_be_left_out_of_comparing_and_of_showing() -> None:
    assert Checked("a", origin="here") == Checked("a", origin="there")
    assert hash(Checked("a", origin="here")) == hash(Checked("a", origin="there"))
    assert Checked("a", text="said") != Checked("a", text="unsaid")
    assert repr(Checked("a", "here", "said")) == "Checked(word='a', origin='here')"


def test_it_compares_shows_and_replaces_by_its_fields() -> None:
    assert Plain(1) == Plain(1, many=())
    assert hash(Plain(1)) == hash(Plain(one=1))
    assert Plain(1) != Plain(2)
    assert repr(Plain(1)) == "Plain(one=1, many=())"
    assert dataclasses.replace(Plain(1), many=(2,)) == Plain(1, (2,))
    assert [field.name for field in dataclasses.fields(Plain)] == ["one", "many"]


def test_it_cannot_be_changed_nor_made_wrongly() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Plain(1).one = 2  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        Keeping("a").other = 2  # type: ignore[attr-defined]
    for arguments in ((), (1, (), 3)):
        with pytest.raises(TypeError):
            Plain(*arguments)
    with pytest.raises(TypeError):
        Plain(1, other=2)  # type: ignore[call-arg]


def test_what_is_worked_out_is_kept_and_no_part_of_the_value() -> None:
    kept = Keeping("abba")
    assert kept.letters is kept.letters
    assert kept == Keeping("abba")
    assert pickle.loads(pickle.dumps(kept)) == kept  # noqa: S301
    assert not hasattr(Plain(1), "__dict__")
