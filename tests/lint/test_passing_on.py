from __future__ import annotations

import pytest

from policies.lint.ngrams import QUOTED, Passages, common, words_of
from tests.lint.letters import findings, letter, mail_from, rules

REPORT = (
    "Hello,\n\non Friday at 22:15 behind the Winter Garden he held my sleeve and said\n"
    '"nobody here will ever listen to you again". I went home with two friends by the late bus.\n\nMirela'
)
ANSWER = "Hello,\n\nI only wanted to return a pen to her and then I walked over to the other table at once.\n\nAnton"
STORE = (mail_from("reporter", REPORT), mail_from("subject", ANSWER, "two@kowalczyk.example"))


def forwarded(raw: bytes, *stored: bytes, **case: object) -> list[tuple[str, str]]:
    said = findings(raw, stored or STORE, **case)
    return [(each.about, each.place) for each in said if each.rule == "content-forwarded"]


@pytest.mark.parametrize(
    ("to", "text", "place"),
    [
        ("organiser", "> I went home with two friends", "quote"),
        ("reporter", "I only wanted to return a pen to her and then I walked over to the other table", "body"),
        ("organiser", "> by the late bus", "quote"),
        ("board", "Er schrieb:\n> I only wanted to return\n> a pen", "quote"),
    ],
)
def test_words_told_to_us_do_not_travel(to: str, text: str, place: str) -> None:
    assert [where for _, where in forwarded(letter(to, text))] == [place]


@pytest.mark.parametrize(
    ("to", "text"),
    [
        ("reporter", "> I went home with two friends by the late bus."),
        ("subject", "> I only wanted to return a pen to her"),
        ("member", "> I went home with two friends"),
        ("organiser", "> went home"),
        ("organiser", 'The answer says: "I only wanted to return a pen to her". What now?'),
        ("organiser", "I went home with two friends, as every year."),
    ],
)
def test_what_may_stand(to: str, text: str) -> None:
    assert not forwarded(letter(to, text))


def test_consent_of_the_writer_to_the_content() -> None:
    consent = {"person": "mirela.oprea@post.example", "to": ["organiser"], "scope": "content", "message_id": "<y@x.y>"}
    raw = letter("organiser", "> I went home with two friends by the late bus.")
    assert not forwarded(raw, consents=[consent])
    assert forwarded(raw, consents=[{**consent, "scope": "identity"}])
    assert forwarded(raw, consents=[{**consent, "withdrawn": "2026-01-10"}])
    assert forwarded(raw, consents=[{**consent, "person": "anton@kowalczyk.example"}])


def test_the_committee_may_show_what_it_wrote_itself() -> None:
    words = "We would like to hear how you remember that evening before anything at all is decided by us."
    ours = mail_from("Ines Faro <ines@kreis.example>", words, "o@kreis.example", "anton@kowalczyk.example")
    quoting = mail_from("subject", f"No.\n\n> {words}", "a2@kowalczyk.example")
    assert not forwarded(letter("board", f"> {words}"), ours, quoting)
    told = mail_from("Ines Faro <ines@kreis.example>", "See:\n\n> I walked out of there alone", "o2@kreis.example")
    assert forwarded(letter("board", "> I walked out of there alone"), told)


def handing_in(writer: str) -> bytes:
    """A mail with the subject's answer attached as a mail."""
    inside = ANSWER.join(("From: Anton <anton@kowalczyk.example>\nMessage-ID: <in@x.example>\n\n", "\n"))
    return (
        f"From: {writer}\nTo: care@kreis.example\nSubject: For the file\nMessage-ID: <h@x.example>\n"
        'Content-Type: multipart/mixed; boundary="b"\n\n--b\n\nThis came to me.\n--b\n'
        f"Content-Type: message/rfc822\n\n{inside}\n--b--\n"
    ).encode()


def test_a_mail_that_a_member_handed_in_is_told_to_us() -> None:
    ours, quote = handing_in("Ines Faro <ines@kreis.example>"), "> I only wanted to return a pen"
    consent = {"person": "anton@kowalczyk.example", "to": ["board"], "scope": "content", "message_id": "<y@x.y>"}

    assert [where for _, where in forwarded(letter("board", quote), ours)] == ["quote"]
    assert not forwarded(letter("board", quote), ours, consents=[consent])
    assert not forwarded(letter("board", "> This came to me."), ours)
    assert not forwarded(letter("subject", quote), ours)
    assert not forwarded(letter("subject", quote), handing_in("Tove Riis <tove@havnekonf.example>"))
    assert not forwarded(letter("organiser", quote), handing_in("Tove Riis <tove@havnekonf.example>"))


BLOCK = (
    "Please read.\n\n-----Original Message-----\n"
    "From: {0}\nSent: Friday, January 9, 2026\nTo: {1}\nSubject: it\n\n{2}\n"
)


def test_a_header_block_that_shows_the_mailbox_is_a_stored_mail() -> None:
    theirs = BLOCK.format("Anton Kowalczyk <anton@kowalczyk.example>", "care@kreis.example", "No.")
    assert forwarded(letter("board", theirs), b"From: x@y.example\n\nx")
    assert not forwarded(letter("subject", theirs), b"From: x@y.example\n\nx")
    ours = BLOCK.format("Ines Faro <ines@kreis.example>", "anton@kowalczyk.example; care@kreis.example", "We wrote.")
    assert not forwarded(letter("board", ours), b"From: x@y.example\n\nx")


@pytest.mark.parametrize(
    ("to", "text", "fires"),
    [
        ("subject", "we heard that at 10.15 pm you held a sleeve", True),
        ("subject", "it was behind the Winter Garden", True),
        ("subject", "you came between 21:50-22:15", True),
        ("subject", "your post is of 22:15:09", True),
        ("subject", "you came at 2215 h", True),
        ("subject", "金曜日の22時15分にそこにいました", True),
        ("subject", "the ticket was EUR 22.15, not 22.15 €", False),
        ("subject", "you were with 2215 others", False),
        ("organiser", 'he said "nobody here will ever listen to you"', True),
        ("subject", "please answer by 16 January, 18:00", False),
        ("reporter", "you wrote 22:15, behind the Winter Garden", False),
        ("subject", 'you said "nobody here will ever listen"', False),
    ],
)
def test_details_of_a_report(to: str, text: str, fires: bool) -> None:
    assert ("report-detail" in rules(letter(to, text), STORE)) is fires


def test_han_signs_count_half() -> None:
    told = Passages([words_of("彼は私の袖をつかんで離しませんでした")])
    assert common(words_of("引用：私の袖をつかんで離しま"), told.runs(QUOTED), QUOTED)
    assert not common(words_of("私の袖をつかん"), told.runs(QUOTED), QUOTED)
