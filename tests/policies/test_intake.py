"""What kind of mail lies there, who its true sender is, and when a person should look at it herself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from policies.intake import HARMLESS
from policies.mail import Address, Attachment, Bounce, Kind, Message
from tests.policies.intake_builders import CONDUCT, INES, OUTSIDER, SENDER, WRITTEN, mail, proposed, taken


def test_a_stranger_who_writes_reports() -> None:
    intake = taken()

    assert intake.kind is Kind.REPORT
    assert (intake.sender, intake.claimed_date, intake.own) == (SENDER, WRITTEN, False)
    assert proposed(intake, "reporter") == ["Ada Quell", "ada.quell@example.net"]
    assert intake.needs_eyes == ()


@pytest.mark.parametrize(
    ("hints", "reason"),
    [
        ((("auto-submitted", "auto-replied"),), "auto-replied"),
        ((("auto-submitted", "Auto-Replied; owner-email=x"),), "auto-replied"),
        ((("precedence", "auto_reply"),), "precedence"),
        ((("x-autoreply", "yes"),), "auto-reply-header"),
        ((("x-autorespond", "Re: Noise"),), "auto-reply-header"),
    ],
)
def test_what_says_that_it_answers_by_itself_is_automatic(hints: tuple[tuple[str, str], ...], reason: str) -> None:
    intake = taken(hints=hints)

    assert (intake.kind, intake.automatic_reason) == (Kind.AUTOMATIC, reason)
    assert intake.suggestions == ()


@pytest.mark.parametrize("method", ["REQUEST", "REPLY", "CANCEL"])
def test_calendar_mail_is_automatic(method: str) -> None:
    assert taken(calendar_method=method).automatic_reason == "calendar"


@pytest.mark.parametrize(
    "hints",
    [
        (("auto-submitted", "auto-generated"),),
        (("auto-submitted", "no"),),
        (("precedence", "bulk"),),
        (("precedence", "list"), ("list-id", "<x.example.org>")),
        (("x-autoreply", "no"),),
        (("x-auto-response-suppress", "All"),),
        (("return-path", "<>"),),
    ],
)
def test_a_machine_that_passes_on_what_a_person_wrote_is_a_report(hints: tuple[tuple[str, str], ...]) -> None:
    assert taken(hints=hints).kind is Kind.REPORT


ABSENCES = ["Out of office: Noise", "Automatic reply: Noise", "Abwesenheitsnotiz: Lärm", "Automatische Antwort: Lärm",
            "Réponse automatique : Bruit", "Respuesta automática: Ruido", "Risposta automatica: Rumore",
            "Automatisch antwoord: Lawaai", "Resposta automática: Ruído", "自動返信: 騒音",
            "Autosvar: Buller"]  # fmt: skip


@pytest.mark.parametrize("subject", ABSENCES)
def test_an_absence_is_automatic_only_if_a_machine_says_so(subject: str) -> None:
    sure = taken(subject=subject, hints=(("x-ms-exchange-inbox-rules-loop", "x@example.com"),))
    unsure = taken(subject=subject)

    assert (sure.kind, sure.automatic_reason) == (Kind.AUTOMATIC, "absence")
    assert (unsure.kind, unsure.needs_eyes) == (Kind.REPORT, ("absence-subject",))


@pytest.mark.parametrize(
    "subject", ["Re: Out of office: Noise", "Absence of a lock on the door", "Vacation rental scam"]
)
def test_other_subjects_are_no_absence(subject: str) -> None:
    assert taken(subject=subject, hints=(("x-auto-response-suppress", "All"),)).kind is Kind.REPORT


FAILED = Bounce(("lena@example.com",), "9@example.org")


@pytest.mark.parametrize(
    "changes",
    [
        {"from_": (Address("Mail Delivery System", "MAILER-DAEMON@mx.example.com"),)},
        {"from_": (Address("", "postmaster@example.com"),)},
        {"hints": (("return-path", "<>"),)},
        {"hints": (("content-type", "multipart/report; report-type=delivery-status"),)},
        {"from_": ()},
    ],
)
def test_a_delivery_report_of_a_mail_server_is_a_bounce(changes: dict[str, Any]) -> None:
    assert taken(bounce=FAILED, **changes).kind is Kind.BOUNCE


def test_a_person_who_quotes_a_delivery_report_is_no_bounce() -> None:
    intake = taken(bounce=FAILED)

    assert (intake.kind, intake.needs_eyes) == (Kind.REPORT, ("bounce-like",))


@pytest.mark.parametrize(
    "changes",
    [
        {"from_": (INES,), "to": (OUTSIDER,), "cc": (CONDUCT,)},
        {"from_": (INES,), "to": (CONDUCT,), "in_reply_to": ("asked@example.org",)},
        {"from_": (Address("", "Coc@example.org"),), "to": (OUTSIDER,)},
        {"from_": (Address("Ines", "INES+work@example.org"),), "references": ("asked@example.org",)},
        {"from_": (INES,), "to": (OUTSIDER,), "cc": (CONDUCT,), "inner": (mail("forwarded to an outsider"),)},
    ],
)
def test_what_the_committee_writes_is_its_own(changes: dict[str, Any]) -> None:
    intake = taken(**changes)

    assert (intake.kind, intake.own, intake.sender_is_member, intake.suggestions) == (Kind.SENT, True, True, ())


def test_a_member_who_writes_to_the_committee_alone_may_report_something() -> None:
    """Our own mail without a case is destroyed after a month; a report of hers must not be."""
    intake = taken(from_=(INES,), to=(CONDUCT,))

    assert (intake.kind, intake.own) == (Kind.REPORT, False)


def test_a_former_member_is_an_outsider() -> None:
    intake = taken(from_=(Address("Viggo Stern", "viggo@example.org"),))

    assert (intake.kind, intake.own, intake.sender_is_member) == (Kind.REPORT, False, False)


@pytest.mark.parametrize("changes", [{"from_headers": 2, "from_": (INES,)}, {"from_": (INES, SENDER)}])
def test_two_senders_are_never_taken_for_a_member(changes: dict[str, Any]) -> None:
    intake = taken(**changes)

    assert (intake.kind, intake.own, intake.sender_is_member) == (Kind.REPORT, False, False)
    assert "two-from" in intake.needs_eyes


INNER = mail(
    "Rolf Emmerich insulted me.", message_id="7@example.com", from_=(OUTSIDER,), subject="Help", in_reply_to=("5@x",)
)


def test_an_attached_forward_belongs_to_whom_it_came_from() -> None:
    outer = mail("For the file.", from_=(INES,), inner=(INNER,), message_id="8@example.org", date=None)
    intake = taken("For the file.", from_=(INES,), inner=(INNER,), date=None)

    assert (intake.kind, intake.forward, intake.forwarded_by) == (Kind.FORWARD, "attached", "ines")
    assert (intake.sender, intake.claimed_date, intake.forwarded_subject) == (OUTSIDER, WRITTEN, "Help")
    assert not intake.sender_is_member
    assert intake.threading(outer) is INNER
    assert proposed(intake, "named_subjects") == ["Rolf Emmerich"]
    assert proposed(intake, "reporter") == ["Lena Voss", "lena@example.com"]


PASTED = """For the file.

> Begin forwarded message:
>
> From: Lena Voss <lena@example.com>
> Subject: Help
> Date: 9 June 2026 at 08:00:00 GMT
> To: Ines Brandvold <ines@example.org>
>
> Hi Ines,
>
> Rolf Emmerich insulted me.
>
> Lena
"""


def test_a_pasted_forward_belongs_to_whom_it_says_it_came_from() -> None:
    outer = mail(PASTED, from_=(INES,))
    intake = taken(PASTED, from_=(INES,))

    assert (intake.kind, intake.forward, intake.forwarded_by) == (Kind.FORWARD, "inline", "ines")
    assert intake.sender == OUTSIDER
    assert intake.claimed_date == datetime(2026, 6, 9, 8, tzinfo=UTC)
    assert intake.forwarded_subject == "Help"
    assert intake.threading(outer) is outer
    assert [(each.value, each.line) for each in intake.suggestions if each.field == "named_subjects"] == [
        ("Rolf Emmerich", 12)
    ]


def test_a_forwarder_is_never_the_reporter() -> None:
    own_words = mail("I shouted at them.", from_=(Address("Taro", "taro@example.org"),))

    assert proposed(taken("x", from_=(INES,), inner=(own_words,)), "reporter") == []


def test_an_outsiders_forward_is_her_own_report() -> None:
    attached = taken("See what Rolf Emmerich wrote.", inner=(INNER,))
    pasted = taken(PASTED)

    assert (attached.kind, attached.sender, attached.needs_eyes) == (Kind.REPORT, SENDER, ("attached-mail",))
    assert (pasted.kind, pasted.sender, pasted.forwarded_by) == (Kind.REPORT, SENDER, None)


def test_an_answer_among_members_with_a_header_block_is_no_forward() -> None:
    text = (
        "I agree.\n\nFrom: Lena Voss <lena@example.com>\nSent: Monday\nTo: conduct\nSubject: Help\n\nRolf insulted me."
    )

    assert taken(text, from_=(INES,), subject="Re: Help", in_reply_to=("7@example.com",)).kind is Kind.SENT
    assert taken(text, from_=(INES,), subject="Fwd: Help").kind is Kind.FORWARD


def test_of_several_attached_mails_the_first_counts_and_a_person_looks() -> None:
    intake = taken("x", from_=(INES,), inner=(INNER, mail()))

    assert intake.sender == OUTSIDER
    assert "several-forwarded" in intake.needs_eyes


PASTED_BELOW = """
---------- Forwarded message ---------
From: Lena Voss <lena@example.com>
Date: Wed, 10 Jun 2026 at 10:00
Subject: Help
To: Zoë de la Fuente <zoe@example.org>

Somebody insulted me.
"""


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("This is about Taro Kuroda.\n", ("taro",)),
        ("Hello Taro Kuroda,\n\nplease see below.\n\nInes Brandvold\n", ()),
        ("", ()),
    ],
)
def test_whom_a_forwarder_names_in_her_own_words_is_kept_out(words: str, named: tuple[str, ...]) -> None:
    pasted = taken(words + PASTED_BELOW, from_=(INES,), subject="Fwd: Help")
    attached = taken(words or "x", from_=(INES,), inner=(INNER,))

    assert (pasted.kind, pasted.names_members) == (Kind.FORWARD, named)
    assert (attached.kind, attached.names_members) == (Kind.FORWARD, named)


@pytest.mark.parametrize(
    ("changes", "kind", "word"),
    [
        ({"text": " \n"}, Kind.REPORT, "no-text"),
        ({"text": "", "subject": "", "attachments": (Attachment("a.png", "image/png"),)}, Kind.REPORT, "no-text"),
        ({"text": "", "subject": ""}, Kind.OTHER, "no-text"),
        ({"from_": ()}, Kind.REPORT, "no-from"),
        ({"text": "-----BEGIN PGP MESSAGE-----\nabc"}, Kind.REPORT, "encrypted"),
        ({"text": "", "attachments": (Attachment("x", "application/pgp-encrypted"),)}, Kind.REPORT, "encrypted"),
        ({"defects": ("undecoded",)}, Kind.REPORT, "undecoded"),
        ({"text": "a " * 600_000}, Kind.REPORT, "cut"),
    ],
)
def test_what_cannot_be_read_is_shown_to_a_person(changes: dict[str, Any], kind: Kind, word: str) -> None:
    intake = taken(**{"text": "x", **changes})

    assert intake.kind is kind
    assert word in intake.needs_eyes


def test_of_an_overlong_mail_the_beginning_is_searched_for_suggestions_and_all_of_it_for_members() -> None:
    long = "We talked about the programme of the meeting.\n" * 500
    intake = taken(f"Rolf Emmerich insulted me.\n{long}Nina Sato insulted me. Taro Kuroda laughed.")

    assert intake.needs_eyes == ("cut",)
    assert proposed(intake, "named_subjects") == ["Rolf Emmerich"]
    assert intake.names_members == ("taro",)


@pytest.mark.parametrize("word", sorted(HARMLESS))
def test_an_everyday_defect_asks_for_nobody(word: str) -> None:
    assert taken("They shouted.", defects=(word,)).needs_eyes == ()
    assert taken("They shouted.", defects=("charset-broken", word)).needs_eyes == ("charset-broken",)


def test_an_empty_message_is_read() -> None:
    from policies.intake import read
    from policies.mail import MailId
    from tests.policies.intake_builders import ROSTER

    assert read(Message(), ROSTER, MailId("m")).kind is Kind.OTHER


def test_an_intake_prints_nothing_of_the_mail() -> None:
    shown = repr(taken("Rolf Emmerich insulted me."))

    assert "Rolf" not in shown
    assert "quell" not in shown.casefold()
