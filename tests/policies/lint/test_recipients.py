"""Whom a draft reaches: notes of who joined or left, blind copies, where answers go, the committee's copy."""

from __future__ import annotations

import time

import pytest

from policies.lint.check import lint
from policies.lint.checked import Stored, Via
from policies.lint.context_file import parse_context
from policies.lint.draft import Draft
from tests.policies.lint.builders import ANSWERED, CONTEXT, ON, draft, findings, rules

_PGP = "-----BEGIN PGP "
SAME = "care@club.example.org, Paul Dorn <paul@dorn.example.com>"
JOINED = SAME + ", Lena Foss <lena@foss.example.com>"
LEFT = "care@club.example.org"
SWAPPED = "care@club.example.org, Lena Foss <lena@foss.example.com>"
TWO = SAME + ", Kim Ito <kim@ito.example.com>, Kim Bo <kim@bo.example.com>"
FLOWED = "text/plain; charset=utf-8; format=flowed"
HTML = "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("cc", "body"),
    [
        (SAME, "Hello"),
        (JOINED, "[+ Frau Foss]\nHello"),
        (JOINED, "[+ Prof. Dr. Lena Foss]\nHello"),
        (SAME + ", 山本 健 <ken@yamamoto.example>", "[+ 山本さん]\nHello"),
        (SAME + ", 김 민수 <ms@kim.example>", "[+ 김민수님]\nHello"),
        (SAME + ", Ann-Lis Berg <al@berg.example.com>", "[+ Ann Lis]\nHello"),
        (SAME + ", Ann Lis Berg <al@berg.example.com>", "[+ Ann-Lis Berg]\nHello"),
        (JOINED, "[+ Lena]\n\nHello"),
        (JOINED, "\n\n  [+ Lena Foss]\nHello"),
        (JOINED, "[+ Foss, Lena] Dear all,"),
        (JOINED, "[+ L. Foss]\nHello"),
        (JOINED, "[+ <lena@foss.example.com>]\nHello"),
        (JOINED, "[+ Lena for the floor plan]\nHello"),
        (JOINED, "[+ Lena, who knows the hall]\nHello"),
        (JOINED, "[+cc Lena]\nHello"),
        (JOINED, "[+ Lena] [+ Ines]\nHello"),
        (JOINED, "\ufeff[+ Lena]\nHello"),
        (JOINED, "[+ Lena]\n+1 for this"),
        (JOINED, "[+ Lena]\n\n[-Wextra] is a switch"),
        (LEFT, "[- Paul]\nHello"),
        (LEFT, "[\u2013 Paul Dorn]\nHello"),
        (SWAPPED, "[+ LENA] [- paul]\nHello"),
        (SWAPPED, "[-Cc: paul, +Cc: lena]\nHello"),
        (TWO, "[+ Kim Ito] [+ Kim Bo]\nHello"),
        (TWO, "[+ Kim] [+ Kim Bo]\nHello"),
        (SAME + ", Board <board@club.example.org>", "[+ Board]\nHello"),
        (SAME + ", \u738b\u5c0f\u660e <w@x.example.com>", "[+ \u738b \u5c0f\u660e]\nHello"),
        (SAME + ", \u738b\u5c0f\u660e <w@x.example.com>", "[+ \u5c0f\u660e]\nHello"),
        (SAME + ", J\u00f6rg M\u00fcller <j@x.example.com>", "[+ Joerg]\nHello"),
        ("care+x@club.example.org, PAUL+a@dorn.example.com", "Hello"),
        (
            JOINED,
            f"{_PGP}SIGNED MESSAGE-----\nHash: SHA512\n\n[+ Lena]\nHi\n{_PGP}SIGNATURE-----\n\nx\n-----END PGP ",
        ),
    ],
)
def test_silent(cc: str, body: str) -> None:
    assert rules(draft(body, cc=cc)) == set()


@pytest.mark.parametrize(
    ("cc", "body", "expected"),
    [
        (JOINED, "Hello", {"note-missing"}),
        (LEFT, "Hello", {"note-missing"}),
        (SWAPPED, "[+ Lena]\nHello", {"note-missing"}),
        (SAME + ", otto@club.example.org", "Hello", {"note-missing"}),
        (JOINED, "Our guide says:\n\n> [+ Lena]\n\nHello", {"note-missing"}),
        (JOINED, "[- Lena]\nHello", {"note-sign"}),
        (SWAPPED, "[- Lena] [+ Paul]\nHello", {"note-sign"}),
        (SAME, "[+ Paul]\nHello", {"note-false"}),
        (JOINED, "[+ M. Foss]\nHello", {"note-false", "note-missing"}),
        (JOINED, "[+ Lena] [+ Felix]\nHello", {"note-false"}),
        (JOINED, "Hello,\n[+ Lena]\n", {"note-place"}),
        (JOINED, "Hello\n-- \n[+ Lena]\n", {"note-place"}),
        (JOINED, "On Mon, 2 Mar 2026, Mira <mira@fest.example.com> wrote:\n> Hm\n\n[+ Lena]\n", {"note-place"}),
        (JOINED, "+ Lena\n\nHello", {"note-form"}),
        (JOINED, "> [+ Lena]\n\nHello", {"note-form"}),
        (JOINED, "> [+ Lena]\n>> and so on\n\nHello", {"note-missing"}),
        (TWO, "[+ Kim]\nHello", {"note-ambiguous"}),
    ],
)
def test_fires(cc: str, body: str, expected: set[str]) -> None:
    assert {rule for rule in rules(draft(body, cc=cc)) if rule != "content-forwarded"} == expected


def test_removed_by_moving_to_bcc_needs_a_note_and_must_not_be() -> None:
    assert rules(draft(cc=LEFT, extra="Bcc: paul@dorn.example.com\n")) == {"note-missing", "bcc-used"}


def test_moved_between_to_and_cc_is_no_change() -> None:
    raw = draft("[+to Paul]\nHello", to="paul@dorn.example.com", cc="care@club.example.org, mira@fest.example.com")

    assert rules(raw) == set()


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        (" > [+ Lena]\n\nHello", FLOWED, {"note-form"}),
        (" > [+ Lena]\n> which form\n\nHello", FLOWED, {"note-missing"}),
        ("<p>[+ Lena]</p><p>Hello</p>", HTML, set()),
        ("<p>&gt; [+ Lena]</p><p>Hello</p>", HTML, {"note-form"}),
        ("<blockquote><p>[+ Lena]</p></blockquote><p>Hello</p>", HTML, {"note-form"}),
        ('<blockquote type="cite"><p>[+ Lena]</p></blockquote><p>Hello</p>', HTML, {"note-missing"}),
        ('<div style="display:none">[+ Lena]</div><p>Hello</p>', HTML, {"note-missing"}),
        ("<p>Hello</p><p>[+ Lena]</p>", HTML, {"note-place"}),
    ],
)
def test_as_displayed(body: str, kind: str, expected: set[str]) -> None:
    assert rules(draft(body, cc=JOINED, kind=kind)) == expected


def test_alternatives_must_agree() -> None:
    parts = "--b\nContent-Type: text/plain\n\n[+ Lena]\nHi\n--b\nContent-Type: text/html\n\n<p>Hi</p>\n--b--\n"
    (finding,) = findings(draft(parts, cc=JOINED, kind='multipart/alternative; boundary="b"'))

    assert (finding.rule, finding.message) == (
        "note-parts",
        'The HTML version lacks "[+ Lena]" that the text version has.',
    )


@pytest.mark.parametrize(
    ("subject", "answers", "expected"),
    [
        ("Re: A question", "<gone@fest.example.com>", {"baseline-unknown"}),
        ("AW: A question", "", {"baseline-unknown"}),
        ("A new thing", "", {"note-false"}),
        ("Re: A question", "<gone@x.org>\nReferences: <a1@fest.example.com>", set()),
    ],
)
def test_what_is_answered(subject: str, answers: str, expected: set[str]) -> None:
    assert rules(draft("[+ Lena]\nHello", cc=JOINED, subject=subject, answers=answers)) == expected


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ("Bcc: lars@x.example.com\n", {"bcc-used"}),
        ("Bcc: otto@club.example.org\n", {"bcc-used"}),
        ("Bcc: ines@faro.example.net, care@club.example.org\n", set()),
        ("Reply-To: ines@club.example.org\n", {"reply-to"}),
        ("Reply-To: safety@club.example.org, ines@club.example.org\n", set()),
    ],
)
def test_hidden_copies_and_answers(extra: str, expected: set[str]) -> None:
    assert rules(draft(extra=extra)) == expected


@pytest.mark.parametrize(
    ("cc", "told"),
    [
        ("paul@dorn.example.com", "must be in Cc."),
        ("paul@dorn.example.com\nBcc: care@club.example.org", "(it is only in Bcc)"),
        (
            "paul@dorn.example.com, caer@club.example.org",
            "did you mean care@club.example.org for caer@club.example.org?",
        ),
        ('"care@club.example.org" <paul@dorn.example.com>', "must be in Cc."),
    ],
)
def test_copy_is_missing(cc: str, told: str) -> None:
    found = [finding for finding in findings(draft(cc=cc)) if finding.rule == "conduct-cc"]

    assert [told in finding.message for finding in found] == [True]


@pytest.mark.parametrize(
    "address", ["safety@club.example.org", "CARE+thread@Club.Example.org", "Us: care@club.example.org;"]
)
def test_copy_under_any_address_counts(address: str) -> None:
    assert rules(draft(to=f"mira@fest.example.com, {address}", cc="paul@dorn.example.com")) == set()


def test_answer_to_what_never_reached_the_mailbox() -> None:
    assert rules(draft(), via=Via.MEMBER) == {"conduct-dropped"}


def test_handing_in_what_never_reached_the_mailbox() -> None:
    raw = draft(to="care@club.example.org", cc="", subject="Fwd: A question")

    assert "conduct-dropped" not in rules(raw, via=Via.MEMBER)
    assert "conduct-dropped" in rules(draft(cc="", to="care@club.example.org"), via=Via.MEMBER)


@pytest.mark.parametrize(
    ("charset", "codec", "text"),
    [
        ("windows-874", "cp874", "สวัสดี"),
        ("windows-31J", "cp932", "①番"),
        ("x-sjis", "cp932", "こんにちは"),
        ("ISO-8859-8-I", "iso8859-8", "שלום"),
        ("gb_2312-80", "gb18030", "你好"),
        ("x-mac-roman", "mac-roman", "Grüße"),
        ("cp-1252", "cp1252", "Grüße"),
    ],
)
def test_charsets_by_the_names_of_mail_programs(charset: str, codec: str, text: str) -> None:
    body = f"[+ Lena]\n\n{text}\n"
    raw = draft("", cc=JOINED, kind=f"text/plain; charset={charset}") + body.encode(codec)

    assert rules(raw) == set()


@pytest.mark.parametrize("charset", ["cp037", "x-ebcdic-cp-us", "cp-500", "IBM273", "cp1140"])
def test_plain_letters_are_not_hidden_by_a_charset_of_mainframes(charset: str) -> None:
    raw = draft("", cc=JOINED, kind=f"text/plain; charset={charset}") + b"[+ Lena]\n\nHello\n"

    assert rules(raw) == {"mail-malformed"}


@pytest.mark.parametrize("charset", ["utf-16", "UTF-16LE", "utf-16be", "utf-32"])
def test_plain_letters_are_not_hidden_by_a_charset_of_wide_letters(charset: str) -> None:
    kind = f"text/plain; charset={charset}"

    assert rules(draft("", cc=JOINED, kind=kind) + b"[+ Lena]\n\nHello Paul\n") == {"mail-malformed"}


def test_ids_left_empty_in_a_new_mail() -> None:
    raw = draft(to="paul@dorn.example.com", subject="New", answers="", extra="In-Reply-To:\nReferences: \n", cc=LEFT)

    assert rules(raw) == set()


def test_blanks_in_a_quoted_local_part_belong_to_the_address() -> None:
    earlier = ANSWERED.replace(b"Paul Dorn <paul@dorn.example.com>", b'Paul <"paul dorn"@dorn.example.com>')
    raw = draft(cc=LEFT + ', "paul dorn"@dorn.example.com')

    assert not lint(raw, parse_context(CONTEXT), [Stored(Draft(earlier), Via.CONDUCT)], ON).findings


def test_a_forward_that_stands_in_quote_signs() -> None:
    body = "See:\n\nBegin forwarded message:\n\n> From: Paul Dorn <paul@dorn.example.com>\n> Subject: hi\n> \n> hello\n"

    assert rules(draft(body, to="care@club.example.org", cc="", subject="Seen", answers="")) == {"forward-unthreaded"}


@pytest.mark.parametrize("address", ["otto@club.example.org", "otto+list@club.example.org"])
@pytest.mark.parametrize("field", ["Cc", "Bcc"])
def test_recused_member(address: str, field: str) -> None:
    context = {"case": {"code": "silver lantern", "recused": ["otto@club.example.org"]}}
    raw = draft(to="mira@fest.example.com", subject="New", answers="", extra=f"{field}: {address}\n", cc="")

    assert "recused-recipient" in rules(raw, context=context)


def test_members_may_be_left_out_of_notes() -> None:
    raw = draft(cc=SAME + ", otto@club.example.org")

    assert rules(raw, members_are_visible=False) == set()


@pytest.mark.parametrize("name", ["", "Ann Other ", "Guest {} "])
def test_an_answer_to_a_mail_that_went_to_thousands_is_checked_in_seconds(name: str) -> None:
    guests = ", ".join(f"{name.format(number)}<guest{number}@hall.example.com>" for number in range(8000))
    answered = ANSWERED.replace(b"Cc: ", b"Cc: " + guests.encode() + b", ")
    began = time.process_time()
    found = lint(draft(), parse_context(CONTEXT), [Stored(Draft(answered), Via.CONDUCT)], ON).findings

    assert sum(each.rule == "note-missing" for each in found) == 8000
    assert time.process_time() - began < 10


def test_one_address_under_thousands_of_names_is_one_person() -> None:
    guests = ", ".join(f"Guest {number} <guest@hall.example.com>" for number in range(8000))
    answered = ANSWERED.replace(b"Cc: ", b"Cc: " + guests.encode() + b", ")
    began = time.process_time()
    found = lint(draft(), parse_context(CONTEXT), [Stored(Draft(answered), Via.CONDUCT)], ON).findings

    assert [each.rule for each in found] == ["note-missing"]
    assert time.process_time() - began < 10
