"""Where a mail is filed: joined only when its sender takes part, and nothing twice; played against a mailbox."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.scenes import CONDUCT, Post, Scene, mail_from
from tests.story import REPORTER, at

PRIYA = "Priya Raman <priya@committee.example.org>"
NOON = at("2026-03-02", 12)


@pytest.fixture
def scene(tmp_path: Path, pymap_account: Post) -> Scene:
    return Scene.found(tmp_path, pymap_account)


def answers(*message_ids: str) -> dict[str, str]:
    """The headers of an answer."""
    return {"In-Reply-To": f"<{message_ids[0]}>", "References": " ".join(f"<{each}>" for each in message_ids)}


def named(message_id: str, *answered: str) -> dict[str, str]:
    return {"Message-ID": f"<{message_id}>", **(answers(*answered) if answered else {})}


def came(scene: Scene, mail: bytes | EmailMessage, when: datetime = NOON, folder: str = "INBOX") -> dict[str, Any]:
    """A mail delivered and taken in; how ``mail list`` shows it."""
    before = {each["id"] for each in scene.listed()}
    scene.deliver(mail, when, folder)
    scene.poll(on=f"{when:%Y-%m-%d}")
    (new,) = [each for each in scene.listed() if each["id"] not in before]
    return new


def first(scene: Scene, message_id: str = "first@mail.example") -> dict[str, Any]:
    return came(scene, mail_from(REPORTER, "Shouting", headers=named(message_id)), at("2026-03-01"))


# --- joining


def test_the_reporters_answer_joins_her_thread(scene: Scene) -> None:
    report = first(scene)
    reply = came(scene, mail_from(REPORTER, "Re: Shouting", headers=named("b@x.example", "first@mail.example")))
    again = came(scene, mail_from(REPORTER, "unrelated subject", headers=named("c@x.example", "b@x.example")))

    assert [each["kind"] for each in (report, reply, again)] == ["report", "reply", "reply"]
    assert {each["case"] for each in (report, reply, again)} == {report["case"]}


@pytest.mark.parametrize(
    "sender",
    [
        "Eve Marlow <eve@elsewhere.example>",
        "Ada Quill <ada.quill@elsewhere.example>",
        '"ada.quill@mail.example" <eve@e.example>',
    ],
)
def test_a_stranger_with_a_forged_reference_opens_a_draft_of_her_own(scene: Scene, sender: str) -> None:
    report = first(scene)
    forged = came(scene, mail_from(sender, "Re: Shouting", headers=named("f@x.example", "first@mail.example")))

    assert forged["kind"] == "report"
    assert forged["case"] != report["case"]


@pytest.mark.parametrize(
    ("senders", "joins"),
    [
        (b"From: Ada Moss <ada@mail.example>\nFrom: eve@evil.example\n", False),
        (b"From: Ada Moss <ada@mail.example>, eve@evil.example\n", False),
        (b'From: "Moss, Ada" <ada@mail.example>\n', True),
    ],
)
def test_who_stands_beside_a_participant_in_from_does_not_come_in_with_her(
    scene: Scene, senders: bytes, joins: bool
) -> None:
    first = came(scene, mail_from("Ada Moss <ada@mail.example>", "Help", headers={"Message-ID": "<one@mail.example>"}))
    odd = senders + b"To: conduct@example.org\nSubject: Re: Help\nIn-Reply-To: <one@mail.example>\n\nMore.\n"

    assert (came(scene, odd.replace(b"\n", b"\r\n"))["case"] == first["case"]) is joins


def test_the_subject_line_alone_joins_nothing(scene: Scene) -> None:
    report = first(scene)

    assert came(scene, mail_from(REPORTER, "Re: Shouting", "More.\n"))["case"] != report["case"]


def test_whoever_was_in_copy_takes_part(scene: Scene) -> None:
    copied = {"Cc": "Witness <wim@mail.example>", **named("first@mail.example")}
    report = came(scene, mail_from(REPORTER, "Shouting", headers=copied))
    reply = came(
        scene, mail_from("wim@MAIL.example", "Re: Shouting", headers=named("w@x.example", "first@mail.example"))
    )

    assert (reply["kind"], reply["case"]) == ("reply", report["case"])


def test_a_merged_draft_does_not_let_one_reporter_into_the_others_thread(scene: Scene) -> None:
    one = first(scene)
    other = came(scene, mail_from("Cyd Ferrer <cyd@mail.example>", "Something else", headers=named("o@x.example")))
    scene.conduct("case", "merge", other["case"], one["case"]).done()

    crossed = mail_from(
        "Cyd Ferrer <cyd@mail.example>", "Re: Shouting", headers=named("x@x.example", "first@mail.example")
    )
    own = mail_from("Cyd Ferrer <cyd@mail.example>", "Re: Something else", headers=named("y@x.example", "o@x.example"))

    assert came(scene, crossed)["case"] != one["case"]
    assert came(scene, own)["case"] == one["case"]


def test_an_answer_in_the_thread_of_a_dismissed_draft_opens_it_again_with_what_was_there(scene: Scene) -> None:
    report = first(scene)
    scene.conduct("case", "dismiss", report["case"], "--reason", "spam").done()

    reply = came(scene, mail_from(REPORTER, "Re: Shouting", headers=named("b@x.example", "first@mail.example")))

    assert reply["case"] != report["case"]
    assert {each["case"] for each in scene.listed()} == {reply["case"]}


# --- our own mail


def test_an_answer_to_a_letter_of_ours_opens_a_draft_with_both(scene: Scene) -> None:
    ours = mail_from(
        PRIYA, "A question", to="Bo Rook <bo@mail.example>", headers={**named("ours@x.example"), "Cc": CONDUCT}
    )
    sent = came(scene, ours, at("2026-03-01"), folder="Sent")
    assert (sent["kind"], sent["case"]) == ("sent", None)

    reply = came(scene, mail_from("bo@mail.example", "Re: A question", headers=named("r@x.example", "ours@x.example")))

    assert reply["kind"] == "reply"
    assert {each["case"] for each in scene.listed()} == {reply["case"]} != {None}


def test_sent_mail_and_its_copy_in_the_inbox_count_as_copies_of_one(scene: Scene) -> None:
    report = first(scene)
    letter = mail_from(
        PRIYA, "Re: Shouting", to=REPORTER, headers={**named("s@x.example", "first@mail.example"), "Cc": CONDUCT}
    )
    sent = came(scene, letter, at("2026-03-01", 10), folder="Sent")
    letter["Received"] = "from here by there"
    copy = came(scene, letter, at("2026-03-01", 11))

    assert {sent["case"], copy["case"]} == {report["case"]}
    assert (sent["kind"], copy["kind"]) == ("sent", "sent")
    assert (sent["copy_of"], copy["copy_of"]) == (None, sent["id"])
    assert "copy" in copy["flags"]


# --- forwards


def forward(inner: EmailMessage, message_id: str = "fwd@committee.example") -> EmailMessage:
    """A member hands in a mail as message/rfc822."""
    outer = mail_from(PRIYA, f"Fwd: {inner['Subject']}", "This came to me.\n", headers=named(message_id))
    outer.make_mixed()
    outer.attach(_part(inner))
    return outer


def _part(inner: EmailMessage) -> EmailMessage:
    part = EmailMessage()
    part.set_content(inner)
    return part


def test_a_forward_belongs_to_the_inner_sender_and_day_and_says_who_handed_it_in(scene: Scene) -> None:
    inner = mail_from(REPORTER, "Shouting", to=PRIYA, headers=named("inner@mail.example"))
    handed_in = came(scene, forward(inner), at("2026-03-09"))
    shown = scene.conduct("case", "show", handed_in["case"], "--json", on="2026-03-09").done().json

    assert (handed_in["kind"], handed_in["forwarded_by"]) == ("forward", "Priya Raman")
    day = shown["fields"]["date_of_first_report"]
    assert day["value"] == day["suggestions"][0]["value"] == "2026-03-02"
    assert "Priya Raman forwarded" in day["suggestions"][0]["evidence"]
    assert {one["value"] for one in shown["fields"]["reporter"]["suggestions"]} == {
        "Ada Quill",
        "ada.quill@mail.example",
    }


@pytest.mark.parametrize(("sender", "joins"), [(REPORTER, True), ("Eve Marlow <eve@elsewhere.example>", False)])
def test_a_forward_joins_where_the_inner_sender_takes_part(scene: Scene, sender: str, joins: bool) -> None:
    report = first(scene)
    inner = mail_from(sender, "Re: Shouting", to=PRIYA, headers=named("inner@x.example", "first@mail.example"))

    handed_in = came(scene, forward(inner))

    assert handed_in["kind"] == "forward"
    assert (handed_in["case"] == report["case"]) is joins


def test_answers_to_the_inner_mail_of_a_forward_belong_to_it(scene: Scene) -> None:
    handed_in = came(scene, forward(mail_from(REPORTER, "Shouting", to=PRIYA, headers=named("inner@x.example"))))
    ours = mail_from(
        PRIYA, "Re: Shouting", to=REPORTER, headers={**named("s@x.example", "inner@x.example"), "Cc": CONDUCT}
    )
    sent = came(scene, ours)
    reply = came(
        scene, mail_from(REPORTER, "Re: Shouting", headers=named("r@x.example", "s@x.example", "inner@x.example"))
    )

    assert {sent["case"], reply["case"]} == {handed_in["case"]}


def test_a_mail_that_came_and_is_handed_in_as_well_is_one_case(scene: Scene) -> None:
    report = first(scene)
    inner = mail_from(REPORTER, "Shouting", headers=named("first@mail.example"))

    assert came(scene, forward(inner))["case"] == report["case"]


# --- machines


def bounce(original: str, failed: str = "ada.quill@mail.example", sender: str = "MAILER-DAEMON@mx.example") -> bytes:
    """A delivery report as in RFC 3464."""
    return "\r\n".join(
        [
            f"From: {sender}", f"To: {CONDUCT}", "Subject: Undelivered", "Message-ID: <bounce@mx.example>",
            "Auto-Submitted: auto-replied", "MIME-Version: 1.0",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="B"', "",
            "--B", "Content-Type: text/plain", "", "It could not be delivered.",
            "--B", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.example", "",
            f"Final-Recipient: rfc822; {failed}", "Action: failed", "Status: 5.1.1", "",
            "--B", "Content-Type: text/rfc822-headers", "", f"Message-ID: <{original}>", "Subject: Re: Shouting", "",
            "--B--", "",
        ]
    ).encode()  # fmt: skip


def test_a_bounce_is_tied_to_the_mail_that_bounced(scene: Scene) -> None:
    report = first(scene)
    ours = mail_from(
        PRIYA, "Re: Shouting", to=REPORTER, headers={**named("s@x.example", "first@mail.example"), "Cc": CONDUCT}
    )
    sent = came(scene, ours)

    returned = came(scene, bounce("s@x.example"))

    assert (returned["kind"], returned["case"], returned["bounce_of"]) == ("bounce", report["case"], sent["id"])


@pytest.mark.parametrize(
    ("original", "failed"), [("nobody@x.example", REPORTER), ("first@mail.example", "eve@e.example")]
)
def test_a_bounce_of_what_we_do_not_know_belongs_to_no_case(scene: Scene, original: str, failed: str) -> None:
    first(scene)

    returned = came(scene, bounce(original, failed))

    assert (returned["kind"], returned["case"], returned["bounce_of"]) == ("bounce", None, None)


def test_an_automatic_answer_opens_nothing_and_joins_where_its_sender_takes_part(scene: Scene) -> None:
    report = first(scene)
    away = {"Auto-Submitted": "auto-replied"}
    hers = mail_from(REPORTER, "Out of office", headers={**away, **named("a@x.example", "first@mail.example")})
    robots = mail_from(
        "robot@elsewhere.example", "Out of office", headers={**away, **named("z@x.example", "first@mail.example")}
    )

    arrived = [came(scene, mail) for mail in (hers, robots)]

    assert [(each["kind"], each["case"]) for each in arrived] == [("automatic", report["case"]), ("automatic", None)]
    assert len(scene.conduct("case", "list", "--json").done().json["cases"]) == 1


# --- the same, and odd ones


def test_the_same_bytes_twice_are_one_mail_and_another_body_is_another(scene: Scene) -> None:
    mail = mail_from(REPORTER, "Shouting", headers=named("first@mail.example"))
    scene.deliver(mail, NOON)
    scene.deliver(mail, NOON)
    other = mail_from(
        "Eve Marlow <eve@elsewhere.example>", "Shouting", "Other words.\n", headers=named("first@mail.example")
    )
    scene.deliver(other, NOON)

    counts = scene.poll(on="2026-03-02")

    assert (counts["fetched"], counts["stored"], counts["known"], counts["drafts"]) == (3, 2, 1, 2)
    assert set(scene.in_mailbox()) == set(scene.exported())


ODD = {
    "no Date": b"From: Ada <ada@x.example>\r\nTo: c@example.org\r\nMessage-ID: <a@x>\r\nSubject: s\r\n\r\ntext\r\n",
    "no From": b"To: conduct@example.org\r\nMessage-ID: <a@x>\r\nDate: Mon, 02 Mar 2026 09:29:00 +0000\r\n\r\ntext\r\n",
    "no Message-ID": b"From: Ada <ada@x.example>\r\nSubject: s\r\n\r\ntext\r\n",
    "nothing": b"\r\n",
    "two From": b"From: Ada <ada@x.example>\r\nFrom: Eve <eve@x.example>\r\nSubject: s\r\n\r\ntext\r\n",
}


@pytest.mark.parametrize("raw", ODD.values(), ids=ODD.keys())
def test_an_odd_mail_becomes_a_draft_on_the_day_it_arrived(scene: Scene, raw: bytes) -> None:
    odd = came(scene, raw)

    assert odd["received"] == "2026-03-02T12:00:00Z"
    assert odd["case"] is not None
    assert scene.poll()["fetched"] == 0


def test_two_from_headers_are_pointed_out(scene: Scene) -> None:
    assert "eyes:two-from" in came(scene, ODD["two From"])["flags"]
