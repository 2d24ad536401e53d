"""Messages, what was read out of them, and rosters come back as they went; whatever else comes back is refused."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies import plain
from policies.case import Suggestion
from policies.errors import UnreadableInput
from policies.intake_result import Intake
from policies.mail import Address, Attachment, Bounce, Kind, MailId, Message
from policies.roster import Member, MemberId, Period, Roster

MAIL = MailId("m1")
text = st.text(max_size=12)
texts = st.lists(text, max_size=2).map(tuple)
people = st.lists(st.builds(Address, text, text), max_size=2).map(tuple)
instants = st.none() | st.datetimes(timezones=st.just(UTC))
messages = st.builds(
    Message, message_id=text, in_reply_to=texts, references=texts, from_=people, sender=people, reply_to=people,
    to=people, cc=people, bcc=people, subject=text, date=instants, text=text, defects=texts, calendar_method=text,
    attachments=st.lists(st.builds(Attachment, text, text), max_size=2).map(tuple),
    hints=st.lists(st.tuples(text, text), max_size=2).map(tuple),
    bounce=st.none() | st.builds(Bounce, texts, text), from_headers=st.integers(0, 3),
)  # fmt: skip
with_inner = st.builds(
    lambda outer, inner: Message(message_id=outer.message_id, text=outer.text, inner=(inner,)), messages, messages
)
suggestions = st.builds(Suggestion, text, text, text, st.integers(0, 9), st.just(MAIL))
intakes = st.builds(
    Intake, kind=st.sampled_from(Kind), automatic_reason=text, sender=st.none() | st.builds(Address, text, text),
    sender_is_member=st.booleans(), claimed_date=instants, forwarded_by=st.none() | st.text(min_size=1, max_size=4),
    forward=st.sampled_from(["", "attached", "inline"]), forwarded_subject=text, own=st.booleans(),
    suggestions=st.lists(suggestions, max_size=2).map(tuple), names_members=texts, mentions_nickname=texts,
    needs_eyes=texts,
)  # fmt: skip


@given(messages | with_inner)
def test_a_message_comes_back_through_json(message: Message) -> None:
    assert plain.message_from_plain(json.loads(json.dumps(plain.message_to_plain(message)))) == message


@given(intakes)
def test_what_was_read_comes_back_through_json(intake: Intake) -> None:
    assert plain.intake_from_plain(json.loads(json.dumps(plain.intake_to_plain(intake))), MAIL) == intake


def test_the_present_members_of_a_roster_come_back() -> None:
    periods = (Period(None, None),)
    here = Member(MemberId("a"), "Priya", ("p@x.example",), ("@p",), ("Pri",), periods)
    gone = Member(MemberId("b"), "Noor", (), periods=(Period(None, datetime(2026, 1, 1, tzinfo=UTC)),))

    found = plain.roster_from_plain(plain.roster_to_plain(Roster(("conduct@x.example",), (here, gone))))

    assert [each.name for each in found.present] == ["Priya"]
    assert found.conduct == ("conduct@x.example",)


SAMPLE = Message(
    message_id="a@b", from_=(Address("Ada", "ada@x.example"),), date=datetime(2026, 1, 1, tzinfo=UTC),
    attachments=(Attachment("a.txt", "text/plain"),), bounce=Bounce(("x@y",), "z@w"), hints=(("date", "x"),),
    inner=(Message(text="inner"),), references=("r@x",),
)  # fmt: skip
READ = Intake(Kind.REPORT, sender=SAMPLE.from_[0], suggestions=(Suggestion("summary", "v", "e", 1, MAIL),))


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a plain value."""
    yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in pairs:
        yield from paths(one, (*path, key))


def with_at(value: Any, path: tuple[Any, ...], new: object) -> Any:
    """The value with something else in one place."""
    if not path:
        return new
    changed = copy.deepcopy(value)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = new
    return changed


@pytest.mark.parametrize("wrong", [object(), 1.5, {"a": 1}, [1, [2]], b"bytes"])
def test_a_wrong_type_anywhere_is_refused(wrong: object) -> None:
    whole = plain.message_to_plain(SAMPLE)
    for path in paths(whole):
        with pytest.raises(UnreadableInput):
            plain.message_from_plain(with_at(whole, path, wrong))
    read = plain.intake_to_plain(READ)
    for path in paths(read):
        with pytest.raises(UnreadableInput):
            plain.intake_from_plain(with_at(read, path, wrong), MAIL)


def test_a_missing_value_is_refused_without_a_word_of_the_mail() -> None:
    for whole, back in (
        (plain.message_to_plain(SAMPLE), plain.message_from_plain),
        (plain.intake_to_plain(READ), lambda one: plain.intake_from_plain(one, MAIL)),
    ):
        for name in whole:
            with pytest.raises(UnreadableInput) as told:
                back({key: value for key, value in whole.items() if key != name})
            assert "ada" not in str(told.value)


ODD_DATES = ["2026-01-01T00:00:00", "yesterday", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"]


@pytest.mark.parametrize("date", ODD_DATES)
def test_a_date_that_is_none_is_refused(date: str) -> None:
    with pytest.raises(UnreadableInput):
        plain.message_from_plain({**plain.message_to_plain(SAMPLE), "date": date})
