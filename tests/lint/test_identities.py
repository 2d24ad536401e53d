from __future__ import annotations

from typing import Any

import pytest

from tests.lint.letters import DECIDED, PEOPLE, findings, letter, mail_from, rules

GIVEN = {"scope": "identity", "message_id": "<y@x.y>", "person": "mirela.oprea@post.example"}


def told(raw: bytes, *stored: bytes, **case: Any) -> list[tuple[str, str]]:
    wanted = ("reporter-", "subject-", "thread-", "not-to")
    return [(each.rule, each.place) for each in findings(raw, stored, **case) if each.rule.startswith(wanted)]


@pytest.mark.parametrize(
    ("to", "text", "expected"),
    [
        ("subject", "Mirela Oprea told us about it", ("reporter-named", "body")),
        ("subject", "Мирела Опря told us about it", ("reporter-named", "body")),
        ("organiser", "the thread of @miri_o is known to us", ("reporter-named", "body")),
        ("board", "Ulla Sjoeberg saw it", ("reporter-named", "body")),
        ("subject", "-- \nOlu, for Mirela", ("reporter-named", "body")),
        ("subject", "On 11 Jan 2026 Mirela Oprea wrote:\n> hello", ("reporter-quoted", "quote")),
        ("subject", "Am 11.01.2026 schrieb Mirela Oprea <m@x.example>:\n> hallo", ("reporter-quoted", "quote")),
        ("subject", "Le 11 janv. 2026, Mirela Oprea <m@x.example> a écrit :\n> salut", ("reporter-quoted", "quote")),
        ("outsider", "there is something about Kowalczyk", ("subject-disclosed", "body")),
        ("outsider", "> kowalant did it", ("subject-disclosed", "quote")),
    ],
)
def test_who_is_given_away(to: str, text: str, expected: tuple[str, str]) -> None:
    assert told(letter(to, text)) == [expected]


@pytest.mark.parametrize(
    ("to", "text"),
    [
        ("reporter", "Dear Mirela,\n\nthank you."),
        ("member", "Mirela Oprea wrote about Anton Kowalczyk."),
        ("subject", "the Oprea Gardens are open, and so is Sjöberg Street"),
        ("reporter", "we wrote to Anton Kowalczyk"),
        ("subject", "Dear Anton Kowalczyk,"),
        ("board", "Anton Kowalczyk"),
    ],
)
def test_who_may_be_named(to: str, text: str) -> None:
    assert not told(letter(to, text))


WITNESS = [{"name": "Tove Lindahl", "addresses": ["tove@lindahl.example"], "handles": []}]


@pytest.mark.parametrize(
    ("to", "text", "fires"),
    [
        ("organiser", "Hello Tove,\n\nthank you.", False),
        ("organiser", "Thank you.\n\n> Hello Tove,\n> thank you\n>\n> Tove", False),
        ("organiser", "[+ Tove]\n\nThank you.", False),
        ("organiser", "Hello Tove, Tove told us.", True),
        ("organiser", "[+ Tove] Tove told us", True),
        ("organiser", "we heard it from a guest, Tove\nat least", True),
        ("organiser", "Hello Tove Lindahl,\n\nthank you.", True),
        ("organiser", "The report came from\nTove", True),
        ("organiser", "The report came from\n- Tove", True),
        ("organiser", "Those who wrote:\n\nTove", True),
        ("organiser", "Thank you.\n\n> See you tomorrow\n>\n> Tove", False),
        ("organiser", "Thank you.\n\n> Fine.\n> Many regards from Rome\n> Tove", False),
        ("subject", "Hello Tove,\n\nthank you.", True),
    ],
)
def test_who_is_greeted_and_who_signs_has_the_name_as_well(to: str, text: str, fires: bool) -> None:
    assert bool(told(letter(to, text), witnesses=WITNESS)) is fires


def test_the_writer_signs_with_a_name_that_a_witness_has() -> None:
    person = {**WITNESS[0], "name": "Olu Lindahl"}
    assert not told(letter("subject", "Thank you.\n\nBest regards, Olu"), witnesses=[person])
    assert not told(letter("subject", "Thank you.\n\nOlu"), witnesses=[person])
    assert told(letter("subject", "We asked Olu."), witnesses=[person])


def test_a_german_pronoun_is_no_part_of_a_name() -> None:
    assert told(letter("subject", "hat Oprea Ihnen geschrieben?")) == [("reporter-named", "body")]
    assert not told(letter("subject", "die Oprea Straße ist gesperrt"))


@pytest.mark.parametrize("quote", ["<blockquote type='cite'>ok</blockquote>", "<blockquote><p>ok</p></blockquote>"])
def test_the_line_above_a_quote_in_html_belongs_to_it(quote: str) -> None:
    raw = letter("subject", f"<p>Thank you.</p><p>On Mon, 11 Jan 2026, at 8:00, Mirela Oprea wrote:</p>{quote}")
    assert told(raw.replace(b"text/plain", b"text/html")) == [("reporter-quoted", "quote")]


def test_who_only_had_a_blind_copy_is_not_shown_by_the_thread() -> None:
    before = mail_from("organiser", "x", "t@havnekonf.example").replace(b"To:", b"Bcc: mirela.oprea@post.example\nTo:")
    answer = letter("organiser", "Thank you", "Re: Hello", "In-Reply-To: <t@havnekonf.example>\n")
    assert not told(answer, before)
    assert told(answer, before.replace(b"Bcc:", b"Reply-To:")) == [("thread-reused", "In-Reply-To")]


def test_who_is_in_blind_copy_sees_the_others() -> None:
    raw = letter("reporter", "Thank you", headers="Bcc: anton@kowalczyk.example\n")
    (found,) = (each for each in findings(raw) if each.rule == "reporter-recipient")
    assert "anton@kowalczyk.example, in Bcc, would see mirela.oprea@post.example" in found.message


def test_the_way_a_mail_took_names_its_writer() -> None:
    headers = "Received: by mx.kreis.example for <mirela.oprea@post.example>; Sun, 11 Jan 2026 08:00:00 +0000\n"
    assert told(letter("subject", "Hello", headers=headers)) == [("reporter-header", "Received")]


def test_the_finding_points_at_the_words() -> None:
    (found,) = findings(letter("subject", "Hello,\n\nit was Mirela Oprea."))
    assert (found.line, found.column, found.length) == (3, 8, 12)
    assert "anton@kowalczyk.example" in found.about


def test_consent_to_be_named() -> None:
    raw = letter("organiser board", "Mirela Oprea reported it.")
    assert told(raw)
    assert told(raw, consents=[{**GIVEN, "to": ["organiser"]}])
    assert not told(raw, consents=[{**GIVEN, "to": ["organiser", "board@kreis.example"]}])
    assert not told(raw, consents=[{**GIVEN, "to": "*"}])
    assert told(raw, consents=[{**GIVEN, "to": "*", "scope": "content"}])
    assert told(raw, consents=[{**GIVEN, "to": "*", "withdrawn": "2026-01-01"}])
    assert told(raw, consents=[{**GIVEN, "to": "*", "person": "ulla@sjoberg.example"}])


@pytest.mark.parametrize(
    ("header", "place"),
    [
        ("References: <7.mirela.oprea@mail.post.example>\n", "References"),
        ("Thread-Topic: Report of Mirela Oprea\n", "Thread-Topic"),
        ("X-Forwarded-For: mirela.oprea@post.example care@kreis.example\n", "X-Forwarded-For"),
        ("Reply-To: care@kreis.example, mirela.oprea@post.example\n", "Reply-To"),
    ],
)
def test_headers_give_away_too(header: str, place: str) -> None:
    assert ("reporter-header", place) in told(letter("subject", "Hello", headers=header))
    assert not told(letter("reporter", "Hello", headers=header))


def test_who_would_see_whom() -> None:
    assert told(letter("reporter subject", "Hello"))[0] == ("reporter-recipient", "To")
    assert told(letter("witness reporter", "Hello"))[0] == ("reporter-recipient", "To")
    assert not told(letter("reporter member", "Hello"))


def test_a_thread_in_which_a_protected_person_took_part() -> None:
    first = mail_from("witness", "I was there", "w@sjoberg.example")
    answer = mail_from("organiser", "Thank you", "t@havnekonf.example").replace(
        b"Date:", b"In-Reply-To: <w@sjoberg.example>\nDate:"
    )
    raw = letter("organiser", "Hello", headers="In-Reply-To: <t@havnekonf.example>\n")
    assert ("thread-reused", "In-Reply-To") in told(raw, first, answer)
    assert not told(letter("witness", "Hello", headers="In-Reply-To: <w@sjoberg.example>\n"), first)
    assert not told(letter("organiser", "Hello", headers="In-Reply-To: <t@havnekonf.example>\n"), answer)


@pytest.mark.parametrize(
    ("status", "reports", "rule"),
    [
        ("resolved", 4, "not-to-be-told"),
        ("no-violation", 1, "not-to-be-told"),
        ("unidentified", 1, "not-to-be-told"),
        (None, 1, "subject-uncorroborated"),
        (None, 2, ""),
        ("flagged", 1, ""),
        ("banned", 1, ""),
    ],
)
def test_what_organisers_are_told(status: str | None, reports: int, rule: str) -> None:
    raw = letter("organiser", "Anton Kowalczyk has been reported. It is up to you.")
    assert {each for each, _ in told(raw, status=status, reports=reports)} == ({rule} if rule else set())


def test_the_organiser_who_reported_is_a_reporter() -> None:
    person = {"name": "Tove Riis", "addresses": ["tove@havnekonf.example"], "handles": []}
    assert not told(letter("organiser", "About Anton Kowalczyk."), reporters=[person], status="resolved")


def test_a_name_in_a_new_subject() -> None:
    assert ("subject-line-name", "Subject") in told(letter("organiser", "x", "Kowalczyk"), **DECIDED)
    assert not told(letter("organiser", "x", "quiet harbour"), **DECIDED)
    report = mail_from("reporter", "x", "r@post.example").replace(b"Subject: Hello", b"Subject: Kowalczyk")
    answer = letter("reporter", "Thank you", "Re: Kowalczyk", "In-Reply-To: <r@post.example>\n")
    assert not told(answer, report)


def test_a_link_and_a_picture_are_searched() -> None:
    html = '<p>Please see <a href="mailto:mirela%2Eoprea@post.example">here</a>.</p>'
    raw = letter("subject", html).replace(b"text/plain", b"text/html")
    assert told(raw) == [("reporter-named", "body")]
    raw = letter("subject", '<p>x</p><img src="cid:1" alt="Mirela Oprea">').replace(b"text/plain", b"text/html")
    assert told(raw) == [("reporter-named", "body")]


def test_without_a_case_nobody_is_protected() -> None:
    assert PEOPLE
    assert "reporter-named" in rules(letter("subject", "Mirela Oprea"))
