"""Forwards of members as mail programs make them: whose words they hand on, of which day, and where they belong."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from ingest.parse import parse
from policies.forwards import forwarded, written_at
from policies.intake import Intake, read
from policies.mail import Kind, MailId
from policies.roster import Member, MemberId, Period, Roster
from tests.scenes import CONDUCT, Post, Scene, mail_from
from tests.story import at

FOLDER = Path(__file__).parents[1] / "samples" / "forwards"
CLIENTS = ("gmail", "outlook", "apple", "thunderbird", "mutt")
#: language: who wrote the mail inside, its subject, the first and the last words of its text
WRITTEN = {
    "en": ("Ada Quill", "ada.quill@mail.example", "Re: Your message to the committee", "Thank you for", "I told you."),
    "de": ("Jörg Österreicher", "joerg@mail.example", "AW: Ihre Nachricht an das Komitee", "danke", "gesagt habe."),
    "fr": ("Éloïse Maçon", "eloise@mail.example", "RE: Votre message au comité", "Merci de", "vous l'ai dit."),
    "es": ("Íñigo Peñalver", "inigo@mail.example", "RE: Su mensaje al comité", "Gracias por", "se lo he contado."),
    "ja": ("山本 さくら", "sakura@mail.example", "Re: 委員会へのご連絡", "ご連絡", "知られたくありません。"),
}
ROSTER = Roster(
    (CONDUCT,),
    tuple(
        Member(MemberId(name.split()[0].lower()), name, (f"{name.split()[0].lower()}@committee.example.org",),
               periods=(Period(None, None),))
        for name in ("Priya Raman", "Noor Haddad")
    ),
)  # fmt: skip
PRIYA = "Priya Raman <priya@committee.example.org>"
NOOR = "Noor Haddad <noor@committee.example.org>"
ADA = "Ada Quill <ada.quill@mail.example>"
STYLES = [(client, language) for client in CLIENTS for language in WRITTEN]


def sample(client: str, language: str) -> bytes:
    return (FOLDER / f"{client}_{language}.eml").read_bytes()


def taken_in(mail: bytes | EmailMessage) -> Intake:
    return read(parse(bytes(mail)), ROSTER, MailId("m1"))


def valued(intake: Intake, field: str) -> list[tuple[str, int]]:
    return [(each.value, each.line) for each in intake.suggestions if each.field == field]


# --- every style


@pytest.mark.parametrize(("client", "language"), STYLES)
def test_a_forward_of_each_style_belongs_to_the_inner_sender_and_day(client: str, language: str) -> None:
    name, address, subject, begins, ends = WRITTEN[language]
    message = parse(sample(client, language))
    intake = taken_in(sample(client, language))

    assert (intake.kind, intake.forward, intake.forwarded_by) == (Kind.FORWARD, "inline", "priya")
    assert intake.sender is not None
    assert (intake.sender.name, intake.sender.address) == (name, address)
    assert intake.claimed_date is not None
    assert intake.claimed_date.replace(second=0) == datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    assert intake.forwarded_subject == subject
    block = forwarded(message.text)
    assert block is not None
    assert block.text.startswith(begins)
    assert block.text.endswith(ends)


@pytest.mark.parametrize(("client", "language"), STYLES)
def test_suggestions_stand_on_the_lines_that_the_evidence_names(client: str, language: str) -> None:
    lines = parse(sample(client, language)).text.split("\n")
    intake = taken_in(sample(client, language))

    (day, at_line), = valued(intake, "date_of_first_report")  # fmt: skip
    assert day == "2026-03-02"
    (evidence,) = [each.evidence for each in intake.suggestions if each.field == "date_of_first_report"]
    assert evidence in lines[at_line - 1]
    for value, number in valued(intake, "reporter"):
        assert value in lines[number - 1]


# --- forms of their own


def test_words_of_apple_mail_in_quote_signs_are_the_senders_own() -> None:
    intake = taken_in(sample("apple", "en"))

    assert "Bo Rook" in [value for value, _ in valued(intake, "named_subjects")]


def test_a_member_named_in_a_forward_within_quote_signs_is_kept_out() -> None:
    mail = sample("apple", "en").replace(b"Bo Rook", b"Noor Haddad")

    assert taken_in(mail).names_members == ("noor",)


def test_what_stands_below_the_closing_line_of_mutt_is_the_members_own() -> None:
    text = parse(sample("mutt", "en")).text + "\n\nWhat do you think?\n"
    block = forwarded(text)

    assert block is not None
    assert block.text.endswith("I told you.")


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("From: Ada Quill <ada.quill@mail.example>", "ada.quill@mail.example"),
        ("From: Ada Quill [mailto:ada.quill@mail.example]", "ada.quill@mail.example"),
        ("From: ada.quill@mail.example", "ada.quill@mail.example"),
        ("From: ada.quill@mail.example <eve@evil.example>", "eve@evil.example"),
        ('From: "Ada <ada.quill@mail.example>" <eve@evil.example>', "eve@evil.example"),
        ("From: Ada <ada.quill@mail.example>\n <eve@evil.example>", "eve@evil.example"),
        ("From: Ada <ada.quill@mail.example> of the long name\nand more <eve@evil.example>", "eve@evil.example"),
        ("From: <ada.quill@mail.example>" + " x" * 1200 + " <eve@evil.example>", ""),
        ("From: <ada.quill@mail.example>" + " " * 2400 + " <eve@evil.example>", ""),
    ],
)
def test_a_name_that_looks_like_an_address_is_a_name(line: str, address: str) -> None:
    block = forwarded(f"fyi\n\n---------- Forwarded message ---------\n{line}\nDate: x\nSubject: y\nTo: z\n\nText.\n")

    assert block is not None
    assert block.from_.address == address


@pytest.mark.parametrize(
    ("words", "hour"),
    [
        ("2 March 2026 at 09:30 GMT", 9),
        ("2 mars 2026 à 09:30 UTC+1", 8),
        ("2 March 2026 at 09:30 GMT-05:30", 15),
        ("Mon, 2 Mar 2026 09:30:00 -0500", 14),
        ("2026-03-02 09:30", 7),
        ("2 March 2026 at 09:30 CET", 7),
    ],
)
def test_a_date_is_read_with_its_own_zone_else_with_the_forwarders(words: str, hour: int) -> None:
    written = written_at(words, timedelta(hours=2))

    assert written is not None
    assert written.hour == hour
    if "GMT" not in words and "UTC" not in words and "-0500" not in words:
        assert written_at(words) is None


def pasted(text: str, **headers: str) -> EmailMessage:
    return mail_from(PRIYA, "Fwd: Re: A question", text, headers={"Message-ID": "<fwd@x.example>", **headers})


def quoted_again(text: str) -> str:
    return "".join(f"> {line}\n" for line in text.split("\n"))


BLOCK = "---------- Forwarded message ---------\nFrom: {}\nDate: Mon, 2 Mar 2026 09:30:00 +0000\nSubject: {}\nTo: x\n\n"


def test_of_a_forward_that_another_member_forwarded_the_innermost_counts() -> None:
    text = "See below.\n\n" + BLOCK.format(NOOR, "Fwd: A question") + "Mine:\n\n" + BLOCK.format(ADA, "Re: A question")
    intake = taken_in(pasted(text + "I am Ada and this is mine.\n"))

    assert intake.sender is not None
    assert intake.sender.address == "ada.quill@mail.example"
    assert intake.forwarded_subject == "Re: A question"
    lines = text.split("\n")
    assert all("Ada" in lines[number - 1] for _, number in valued(intake, "reporter"))


def test_it_counts_also_behind_quote_signs_within_quote_signs() -> None:
    inner = "Begin forwarded message:\n\n" + quoted_again(
        BLOCK.format(ADA, "Re: A question").partition("\n")[2] + "Mine."
    )
    text = "Begin forwarded message:\n\n" + quoted_again(BLOCK.format(NOOR, "Fwd: x").partition("\n")[2] + inner)
    intake = taken_in(pasted(text))

    assert intake.sender is not None
    assert intake.sender.address == "ada.quill@mail.example"


def test_what_an_outsider_forwarded_stays_hers_whatever_she_pasted_into_it() -> None:
    eve = "Eve Marlow <eve@elsewhere.example>"
    text = BLOCK.format(eve, "Fwd: x") + "Look:\n\n" + BLOCK.format(ADA, "x") + "I take it all back.\n"

    intake = taken_in(pasted(text))

    assert intake.sender is not None
    assert intake.sender.address == "eve@elsewhere.example"


def test_below_a_members_answer_that_was_forwarded_stands_what_it_answers() -> None:
    text = BLOCK.format(NOOR, "Re: A question") + "I agree.\n\n" + BLOCK.format(ADA, "A question") + "What now?\n"

    intake = taken_in(pasted(text))

    assert intake.sender is not None
    assert intake.sender.address == "noor@committee.example.org"
    assert valued(intake, "reporter") == []


def test_an_attached_forward_of_another_member_is_unwrapped_too() -> None:
    inner = mail_from(NOOR, "Fwd: A question", BLOCK.format(ADA, "Re: A question") + "Mine.\n", to=PRIYA)
    outer = pasted("see attached")
    outer.add_attachment(inner)
    intake = taken_in(outer)

    assert (intake.forward, intake.sender and intake.sender.address) == ("attached", "ada.quill@mail.example")


def test_a_spanish_prefix_for_forwards_is_no_answer() -> None:
    assert taken_in(sample("outlook", "es")).kind is Kind.FORWARD


# --- where they belong, through a mailbox


@pytest.fixture
def scene(tmp_path: Path, pymap_account: Post) -> Scene:
    return Scene.found(tmp_path, pymap_account)


def came(scene: Scene, mail: bytes | EmailMessage, when: datetime) -> dict[str, Any]:
    before = {each["id"] for each in scene.listed()}
    scene.deliver(mail.replace(b"\n", b"\r\n") if isinstance(mail, bytes) else mail, when)
    scene.poll(on=f"{when:%Y-%m-%d}")
    (new,) = [each for each in scene.listed() if each["id"] not in before]
    return new


def thread_with(scene: Scene, address: str, language: str) -> dict[str, Any]:
    """A report of that person, and our question about it in the same thread."""
    report = came(
        scene, mail_from(address, "Help", headers={"Message-ID": f"<first-{language}@mail.example>"}), at("2026-02-27")
    )
    ours = mail_from(
        PRIYA, "Re: Help", to=address,
        headers={"Message-ID": f"<ours-{language}@committee.example.org>", "Cc": CONDUCT,
                 "In-Reply-To": f"<first-{language}@mail.example>"},
    )  # fmt: skip
    assert came(scene, ours, at("2026-02-28"))["case"] == report["case"]
    return report


@pytest.mark.parametrize(("client", "language"), [("gmail", "fr"), ("outlook", "de"), ("apple", "ja")])
def test_an_answer_that_lost_the_mailbox_comes_to_its_case_by_a_members_forward(
    scene: Scene, client: str, language: str
) -> None:
    report = thread_with(scene, WRITTEN[language][1], language)

    handed_in = came(scene, sample(client, language), at("2026-03-03"))

    assert (handed_in["kind"], handed_in["forwarded_by"], handed_in["case"]) == (
        "forward",
        "Priya Raman",
        report["case"],
    )


def test_what_thunderbird_says_of_the_forwarded_mail_proves_as_much(scene: Scene) -> None:
    thread_with(scene, WRITTEN["es"][1], "es")
    answer = mail_from(
        WRITTEN["es"][1], "Re: Help",
        headers={"Message-ID": "<answer-es@mail.example>", "References": "<ours-es@committee.example.org>"},
    )  # fmt: skip
    known = came(scene, answer, at("2026-03-02"))

    assert came(scene, sample("thunderbird", "es"), at("2026-03-03"))["case"] == known["case"]


@pytest.mark.parametrize("client", ["thunderbird", "mutt"])
def test_without_ids_it_is_only_suggested(scene: Scene, client: str) -> None:
    report = thread_with(scene, WRITTEN["en"][1], "en")
    handed_in = came(scene, sample(client, "en"), at("2026-03-03"))
    shown = scene.conduct("case", "show", handed_in["case"], "--json", on="2026-03-03").done().json

    assert handed_in["case"] != report["case"]
    assert report["case"] in [each["value"] for each in shown["other_suggestions"] if each["about"] == "case"]
    day = shown["fields"]["date_of_first_report"]
    assert (day["value"], day["suggestions"][0]["value"]) == (date(2026, 3, 2).isoformat(), "2026-03-02")


def test_a_forward_whose_inner_sender_takes_no_part_joins_nothing(scene: Scene) -> None:
    report = thread_with(scene, "Somebody Else <else@mail.example>", "fr")

    assert came(scene, sample("gmail", "fr"), at("2026-03-03"))["case"] != report["case"]


def test_a_display_name_in_the_form_of_the_reporters_address_joins_nothing(scene: Scene) -> None:
    report = thread_with(scene, WRITTEN["en"][1], "en")
    eve = sample("apple", "en").replace(b"> From: Ada Quill <ada.quill@mail.example>",
                                        b"> From: ada.quill@mail.example <eve@evil.example>")  # fmt: skip

    assert came(scene, eve, at("2026-03-03"))["case"] != report["case"]


def test_a_forward_that_no_member_sent_joins_nothing(scene: Scene) -> None:
    report = thread_with(scene, WRITTEN["en"][1], "en")
    forged = sample("gmail", "en").replace(b"From: Priya Raman <priya@committee.example.org>",
                                           b"From: Priya Raman <priya@evil.example>", 1)  # fmt: skip
    handed_in = came(scene, forged, at("2026-03-03"))

    assert (handed_in["kind"], handed_in["forwarded_by"]) == ("report", None)
    assert handed_in["case"] != report["case"]


def test_of_several_mails_handed_in_only_the_first_ones_people_take_part_in_its_thread(scene: Scene) -> None:
    report = thread_with(scene, ADA, "en")
    answer = mail_from(ADA, "Re: Help", headers={"Message-ID": "<answer@mail.example>",
                                                 "References": "<ours-en@committee.example.org>"})  # fmt: skip
    other = mail_from("Bo Rook <bo@rook.example>", "My side", headers={"Message-ID": "<bo@rook.example>"})
    handed_in = pasted("see both")
    for each in (answer, other):
        handed_in.add_attachment(each)

    assert came(scene, handed_in, at("2026-03-03"))["case"] == report["case"]

    intruding = mail_from("Bo Rook <bo@rook.example>", "Re: Help", headers={"In-Reply-To": "<answer@mail.example>"})
    assert came(scene, intruding, at("2026-03-04"))["case"] != report["case"]
