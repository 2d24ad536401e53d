"""Whole mails: the odd ones that real mailboxes hold, one by one; nothing is lost, nothing raises."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.parse import DEFECTS, parse
from policies.mail import Address, Attachment, Bounce

SAMPLES = Path(__file__).parent.parent / "samples"
HEAD = b"From: a@example.org\r\nMessage-ID: <x@example.org>\r\n"


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.eml").read_bytes()


def multipart(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(b"--=_\r\n" + part + b"\r\n" for part in parts)
    return HEAD + b"Content-Type: multipart/" + kind + b'; boundary="=_"\r\n\r\n' + body + b"--=_--\r\n"


def plain(text: bytes, more: bytes = b"") -> bytes:
    return b"Content-Type: text/plain; charset=utf-8" + more + b"\r\n\r\n" + text


def html(text: bytes) -> bytes:
    return b"Content-Type: text/html; charset=utf-8\r\n\r\n" + text


def test_an_ordinary_mail() -> None:
    message = parse(
        b"Return-Path: <lena@example.net>\r\nFrom: Lena Sand <lena@example.net>\r\n"
        b"To: conduct@example.org\r\n"
        b"Cc: Omar <omar@example.org>\r\n"
        b"Reply-To: l2@example.net\r\nSubject: Re: Hello\r\n"
        b"Message-ID: <2@example.net>\r\n"
        b"In-Reply-To: <1@example.org>\r\n"
        b"References: <0@example.org> <1@example.org>\r\n"
        b"Date: Mon, 12 Oct 2026 10:00:00 +0200\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        b"Hello,\r\n\r\n> quoted\r\n"
    )

    assert message.message_id == "2@example.net"
    assert message.in_reply_to == ("1@example.org",)
    assert message.references == ("0@example.org", "1@example.org")
    assert message.from_ == (Address("Lena Sand", "lena@example.net"),)
    assert message.to == (Address("", "conduct@example.org"),)
    assert message.cc == (Address("Omar", "omar@example.org"),)
    assert message.reply_to == (Address("", "l2@example.net"),)
    assert message.subject == "Re: Hello"
    assert message.date == datetime(2026, 10, 12, 8, tzinfo=UTC)
    assert message.text == "Hello,\n\n> quoted"
    assert message.hint("return-path") == "<lena@example.net>"
    assert message.hint("date") == "Mon, 12 Oct 2026 10:00:00 +0200"
    assert message.from_headers == 1
    assert message.defects == ()


def test_japanese_as_most_japanese_mail_is_written() -> None:
    message = parse(sample("japanese_seven_bit"))

    assert message.from_ == (Address("山田花子", "hanako@example.net"),)
    assert message.subject == "会場でのこと"
    assert message.text.startswith("昨日の会場で、")
    assert message.date == datetime(2026, 10, 10, 0, 12, tzinfo=UTC)


def test_raw_letters_do_not_vanish() -> None:
    message = parse(sample("raw_letters_in_header"))

    assert message.subject == "Müller grüßt das Team"
    assert message.from_[0].name == "Jörg Müller"
    assert message.to[0].name == "Größere Runde"
    assert message.text == "Grüße"


def test_a_comma_in_an_encoded_name_makes_no_second_person() -> None:
    message = parse(sample("comma_in_encoded_name"))

    assert message.from_ == (Address("Böttcher, Ute", "ute@example.net"),)
    assert message.to == (Address("", "conduct@example.org"), Address("Renée, Paul", "paul@example.net"))
    assert message.subject == "Übergriff"


def test_hyperkitty_and_junk_in_references() -> None:
    message = parse(sample("hyperkitty_reply"))

    assert message.in_reply_to == ("179400.11.22@lists.example.net",)
    assert message.references == ("first.77@mail.example.org", "folded.88@mail.example.org")
    assert message.date == datetime(2026, 10, 12, 10, tzinfo=UTC)


def test_prose_and_addresses_are_no_references() -> None:
    message = parse(sample("prose_in_reply_to"))

    assert message.in_reply_to == ("real.id.5@mail.example.org",)
    assert message.references == ()


def test_html_alone_becomes_text() -> None:
    message = parse(sample("html_only_report"))

    assert message.text == (
        "Posted by @sly_vole <https://social.example.net/@sly_vole> yesterday — see [screenshot]\n\n"
        "On Friday, Ines wrote:\n>\n> How are you?\n>>\n>> older"
    )
    assert message.attachments == (Attachment("shot.png", "image/png"),)
    assert message.defects == ("hidden-text",)


def test_a_bounce_names_whom_and_which_mail_and_does_not_show_our_letter() -> None:
    message = parse(sample("bounce_with_original"))

    assert message.bounce == Bounce(("vera@example.net", "vera.k@inner.example.net"), "our-letter-9@example.org")
    assert message.text == "Your message was not delivered."
    assert [inner.text for inner in message.inner] == ["Dear Vera, these are our own words."]


def test_an_attached_mail_is_read_one_level_deep() -> None:
    message = parse(sample("forwarded_as_attachment"))

    (inner,) = message.inner
    assert message.text == "She wrote to me only."
    assert message.message_id == "ines-fwd@example.org"
    assert inner.from_ == (Address("Vera K", "vera@example.net"),)
    assert inner.subject == "something privé"
    assert inner.message_id == "vera-77@example.net"
    assert inner.date == datetime(2026, 10, 13, 21, 10, tzinfo=UTC)
    assert inner.text == "Es geht um größeren Ärger."
    assert inner.inner == ()
    assert inner.attachments == (Attachment("", "message/rfc822"),)


def test_an_attached_mail_in_base64_is_read_as_well() -> None:
    attached = base64.encodebytes(b"From: v@example.net\r\nSubject: inside\r\n\r\nwords\r\n").replace(b"\n", b"\r\n")
    head = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"

    message = parse(multipart(b"mixed", plain(b"see"), head + attached))

    assert [(inner.subject, inner.text) for inner in message.inner] == [("inside", "words")]


def test_flowed_text_is_joined() -> None:
    message = parse(sample("flowed"))

    assert message.text.split("\n") == [
        "This sentence was broken by the program that sent it.",
        ">> an older quote",
        "> a quote",
        ">not a quote",
        "-- ",
        "Pia",
    ]


def test_flowed_text_with_deleted_spaces() -> None:
    message = parse(HEAD + b"Content-Type: text/plain; format=Flowed; DelSp=Yes\r\n\r\nzusammen \r\ngesetzt\r\n")

    assert message.text == "zusammengesetzt"


def test_an_invitation_tells_its_method() -> None:
    message = parse(sample("invitation"))

    assert message.calendar_method == "REQUEST"
    assert message.text == "Let us talk."
    assert message.attachments == (Attachment("invite.ics", "text/calendar"),)


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ((plain(b"plain"), html(b"<p>rich</p>")), "plain"),
        ((plain(b" \r\n"), html(b"<p>rich</p>")), "rich"),
        ((html(b"<p>rich</p>"),), "rich"),
        ((plain(b""),), ""),
    ],
)
def test_of_alternatives_the_plain_one_unless_it_is_empty(parts: tuple[bytes, ...], text: str) -> None:
    assert parse(multipart(b"alternative", *parts)).text == text


def test_a_stub_that_sends_people_to_the_html_does_not_hide_it() -> None:
    message = parse(multipart(b"alternative", plain(b"Please use an HTML program."), html(b"<p>the report</p>" * 20)))

    assert message.text.startswith("Please use an HTML program.\n\nthe report")
    assert message.defects == ("alternatives-differ",)


def test_text_around_an_attachment_is_kept_in_order() -> None:
    message = parse(multipart(b"mixed", plain(b"one"), b"Content-Type: image/png; name=a.png\r\n\r\nx", html(b"two")))

    assert message.text == "one\n\ntwo"
    assert message.attachments == (Attachment("a.png", "image/png"),)


def test_the_only_text_counts_even_with_a_file_name() -> None:
    named = plain(b"the report", b'; name="report.txt"')

    assert parse(multipart(b"mixed", named)).text == "the report"
    assert parse(multipart(b"mixed", plain(b"see file"), named)).text == "see file"
    assert parse(multipart(b"mixed", named)).attachments == (Attachment("report.txt", "text/plain"),)


def test_names_of_attachments_are_read_as_they_are_written() -> None:
    names = [
        b"name*=UTF-8''caf%C3%A9.png",
        b'name="=?utf-8?Q?caf=C3=A9.png?="',
        'name="café.png"'.encode("latin-1"),
        b"name*0*=UTF-8''caf%C3%A9; name*1=.png",
        b'name="../../etc/passwd"',
        b"name*0*=utf-99'x'%zz; name*2=b",
    ]

    message = parse(multipart(b"mixed", *[b"Content-Type: image/png; " + name + b"\r\n\r\nx" for name in names]))

    assert [each.filename for each in message.attachments[:5]] == ["café.png"] * 4 + ["../../etc/passwd"]
    assert len(message.attachments) == 6


def test_two_senders_are_both_named() -> None:
    message = parse(b"From: a@example.org\r\nFrom: b@example.org\r\nSubject: one\r\nSubject: two\r\n\r\nx")

    assert message.from_ == (Address("", "a@example.org"), Address("", "b@example.org"))
    assert message.from_headers == 2
    assert "two-from" in message.defects


@pytest.mark.parametrize("raw", [b"", b"\r\n", b"\n\n", b"\0", b"\xff\xfe", b"\r"])
def test_nothing_at_all(raw: bytes) -> None:
    message = parse(raw)

    assert message.from_ == ()
    assert message.message_id == ""
    assert message.from_headers == 0
    assert "no-from" in message.defects


def test_no_header_is_all_text() -> None:
    message = parse(b"From me to you\r\nSubject hello\r\n\r\nbody\r\n")

    assert message.text == "From me to you\nSubject hello\n\nbody"


def test_junk_in_the_header_is_shown_and_hides_no_field() -> None:
    message = parse(b"From: a@example.org\r\nthis is no field\r\nTo: b@example.org\r\n\r\nbody")

    assert message.to == (Address("", "b@example.org"),)
    assert message.text == "this is no field\n\nbody"
    assert "header-junk" in message.defects


def test_old_line_ends() -> None:
    assert parse(b"From: a@example.org\rSubject: x\r\rbody\rmore").text == "body\nmore"


def test_nul_bytes_are_replaced_everywhere() -> None:
    message = parse(b"From: N\0l <a@example.org>\r\nSubject: a\0b\r\nMessage-ID: <n\0l@x>\r\n\r\nx\0y")

    assert message.text == "x�y"
    assert "\0" not in message.subject + message.message_id + message.from_[0].name


@pytest.mark.parametrize(
    ("head", "body", "text"),
    [
        (b"Content-Type: text/plain; charset=utf-7", b"gr+APwA3w-", "grüß"),
        (b"Content-Type: text/plain; charset=hz-gb-2312", b"~{VPND~}", "中文"),
        (b"Content-Type: text/plain; charset=x-none", "grüß".encode(), "grüß"),
        (b"Content-Type: text/plain; charset=\"'utf-8'\"", "grüß".encode(), "grüß"),
        (b'Content-Type: ;;;="; charset', b"x", "x"),
        (b"Content-Type: text", b"x", "x"),
        (b"Content-Type: multipart/mixed", b"--B\r\n\r\nhello\r\n--B--", "--B\n\nhello\n--B--"),
        (b"Content-Type: multipart/mixed; boundary=B", b"no boundary here", "no boundary here"),
        (b"Content-Transfer-Encoding: base64", b"!!!notbase64===\r\nQUJD\r\nQ", None),
        (b"Content-Transfer-Encoding: x-uuencode", b"begin 644 x\r\n#0V%T\r\n`\r\nend", "Cat"),
        (b"Content-Transfer-Encoding: quoted-printable", b"a=\r\nb=C3=BC=ZZ", "abü=ZZ"),
        (b"Content-Type: text/enriched", b"<bold>x</bold>", "<bold>x</bold>"),
    ],
)
def test_odd_declarations(head: bytes, body: bytes, text: str | None) -> None:
    message = parse(HEAD + head + b"\r\n\r\n" + body)

    assert message.text
    assert text is None or message.text == text


def test_what_is_kept_of_a_date_without_zone_and_of_none() -> None:
    lenient = parse(HEAD + b"Date: 12 October 2026 9:05\r\n\r\nx")
    received = parse(HEAD + b"Date: soon\r\nReceived: from x by y; Mon, 12 Oct 2026 09:05:00 +0100\r\n\r\nx")

    assert lenient.date == datetime(2026, 10, 12, 9, 5, tzinfo=UTC)
    assert received.date == datetime(2026, 10, 12, 8, 5, tzinfo=UTC)
    assert set(received.defects) == {"date-unreadable", "date-from-received"}


def test_a_bounce_of_a_server_without_standard() -> None:
    message = parse(
        b"Return-Path: <>\r\nFrom: Mail Delivery System <Mailer-Daemon@mx.example.org>\r\nTo: conduct@example.org\r\n"
        b"X-Failed-Recipients: vera@example.net\r\nSubject: Mail delivery failed\r\n\r\nIt failed.\r\n\r\n"
        b"------ This is a copy of the message ------\r\n\r\nMessage-ID: <ours-3@example.org>\r\nSubject: hello\r\n"
    )

    assert message.bounce == Bounce(("vera@example.net",), "ours-3@example.org")


def test_the_words_of_a_bounce_in_anybodys_mail_are_none() -> None:
    assert (
        parse(HEAD + b"\r\nThe following addresses failed:\r\n  <vera@example.net>\r\nMessage-ID: <a@b>\r\n").bounce
        is None
    )


def test_a_report_with_headers_alone_still_says_which_mail() -> None:
    message = parse(
        multipart(
            b"report; report-type=delivery-status",
            plain(b"no"),
            b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
            b"Final-Recipient: rfc822; v@example.net\r\nAction: failed\r\n",
            b"Content-Type: text/rfc822-headers\r\n\r\nSubject: hi\r\nMessage-ID: <ours-4@example.org>\r\n",
        )
    )

    assert message.bounce == Bounce(("v@example.net",), "ours-4@example.org")
    assert message.attachments == ()


def test_a_cut_mail_says_so() -> None:
    assert "mail-cut" in parse(HEAD + b"Subject: " + b"x" * 170_000 + b"\r\n\r\nbody").defects
    assert parse(HEAD + b"\r\nbody", is_cut=True).defects == ("mail-cut",)


def test_long_text_is_cut_by_its_size_in_bytes() -> None:
    message = parse(
        HEAD + b"Content-Type: text/plain; charset=utf-16-le\r\n\r\n" + "日".encode("utf-16-le") * 1_000_000
    )

    assert len(message.text.encode()) <= 2 * 1024 * 1024
    assert "text-cut" in message.defects


def test_every_defect_is_a_fixed_word() -> None:
    assert all(word.replace("-", "").isalpha() for word in DEFECTS)
