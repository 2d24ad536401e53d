"""Which thread a mail joins, and which case it may belong to."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.case import CaseId, Suggestion
from policies.mail import Address, Kind, Message
from policies.threads import Candidate, Match, Traces, base_subject, final_kind, ids_to_look_up, match, suggest, traces

THEIRS = Candidate("reporter's thread", sender_takes_part=True)
FOREIGN = Candidate("somebody else's thread", sender_takes_part=False)


def test_the_nearest_id_comes_first() -> None:
    asked = Message(message_id="d", in_reply_to=("c",), references=("a", "b", "c"))

    assert ids_to_look_up(asked) == ("c", "b", "a")


def test_a_loop_and_a_mail_that_answers_itself_are_harmless() -> None:
    assert ids_to_look_up(Message(message_id="a", in_reply_to=("a",), references=("b", "a", "b"))) == ("b",)


def test_brackets_and_blanks_are_no_part_of_an_id() -> None:
    assert ids_to_look_up(Message(in_reply_to=(" <a@x> ", "<>", ""))) == ("a@x",)


def test_at_most_a_hundred_ids_are_looked_up_from_the_end() -> None:
    asked = ids_to_look_up(Message(references=tuple(f"{n}@x" for n in range(5000))))

    assert len(asked) == 100
    assert asked[0] == "4999@x"


@pytest.mark.parametrize(
    ("candidates", "member", "own", "expected"),
    [
        ([], False, False, Match(None, "unknown-ids")),
        ([], True, True, Match(None, "unknown-ids")),
        ([THEIRS], False, False, Match("reporter's thread", "takes-part")),
        ([FOREIGN], False, False, Match(None, "forged-or-new-sender")),
        ([FOREIGN, THEIRS], False, False, Match("reporter's thread", "takes-part")),
        ([FOREIGN], True, False, Match("somebody else's thread", "member")),
        ([FOREIGN, THEIRS], True, False, Match("reporter's thread", "takes-part")),
        ([FOREIGN], False, True, Match("somebody else's thread", "own-answer")),
    ],
)
def test_only_who_takes_part_joins(candidates: list[Candidate], member: bool, own: bool, expected: Match) -> None:
    assert match(candidates, sender_is_member=member, is_own=own) == expected


def test_a_report_that_joins_is_a_reply() -> None:
    joined, alone = Match("t", "takes-part"), Match(None, "unknown-ids")

    assert final_kind(Kind.REPORT, joined) is Kind.REPLY
    assert final_kind(Kind.REPORT, alone) is Kind.REPORT
    assert final_kind(Kind.FORWARD, joined) is Kind.FORWARD
    assert final_kind(Kind.AUTOMATIC, joined) is Kind.AUTOMATIC


@pytest.mark.parametrize(
    "subject",
    ["Noise in the Hall", "Re: Noise in the hall", "RE: AW: Noise in the hall", "[team] Re: [team] Noise in the hall",
     "Fwd: WG: Noise in the hall", "SV: VS: Noise in the hall", "Re[2]: Noise in the hall", "TR : Noise in the hall",
     "回复：Noise in the hall", "Antw: Noise  in the hall", "R\u200be: Noise in the hall".replace("\u200b", "")],
)  # fmt: skip
def test_prefixes_and_list_tags_do_not_count(subject: str) -> None:
    assert base_subject(subject) == "noise in the hall"


def test_a_subject_of_prefixes_alone_is_empty() -> None:
    assert base_subject("Re: AW:") == ""


def proposed(*values: str) -> tuple[Suggestion, ...]:
    return tuple(Suggestion("subject_contacts" if "@" in value or "/" in value else "named_subjects", value, "", 1)
                 for value in values)  # fmt: skip


KNOWN = {
    CaseId("amber"): traces("Noise in the hall", [Address("Paula Weston", "Paula@example.net")],
                            proposed("grumbler77", "https://forum.example.org/u/grumbler77/", "rolf@example.com")),
    CaseId("birch"): traces("Question", [Address("Bo Lind", "bo@example.net")], proposed("Rolf Emmerich")),
}  # fmt: skip


def test_a_case_is_proposed_for_what_it_shares() -> None:
    new = traces("Re: noise in the Hall", [Address("Weston, Paula", "private@example.com")], proposed("@Grumbler77"))

    assert suggest(new, KNOWN) == ((CaseId("amber"), "same account, same name, same subject line"),)


def test_the_likeliest_case_comes_first() -> None:
    new = traces("x", [], proposed("rolf+x@example.com", "https://forum.example.org/u/grumbler77", "Emmerich, Rolf"))

    assert suggest(new, KNOWN) == ((CaseId("amber"), "same address, same link"), (CaseId("birch"), "same name"))


def test_the_subject_of_a_forwarded_mail_counts() -> None:
    new = traces("Fwd: something", [], (), inside="Re: Noise in the hall")

    assert suggest(new, KNOWN) == ((CaseId("amber"), "same subject line"),)


@pytest.mark.parametrize("subject", ["", "Re:", "Question", "Report", "Hi"])
def test_subjects_that_say_nothing_tie_nothing(subject: str) -> None:
    known = {CaseId("amber"): traces(subject, [], ())}

    assert suggest(traces(subject, [], ()), known) == ()


def test_a_single_name_ties_nothing() -> None:
    known = {CaseId("amber"): traces("", [Address("Paula", "")], ())}

    assert suggest(traces("", [Address("Paula", "")], ()), known) == ()


def test_traces_print_nothing() -> None:
    assert "rolf" not in repr(KNOWN).casefold()


@given(st.text(max_size=200))
def test_any_subject_is_read_and_what_was_read_stays_so(subject: str) -> None:
    assert isinstance(base_subject(subject), str)
    assert suggest(Traces(), {CaseId("amber"): traces(subject, [Address(subject, subject)], ())}) == ()


@pytest.mark.parametrize("piece", ["Re:", "Re: ", "[", "[a]", "[a] Re: ", ":", " ", "回复:"])
def test_hostile_subjects_take_no_time(piece: str) -> None:
    begun = time.perf_counter()
    base_subject(piece * 100_000)

    assert time.perf_counter() - begun < 1
