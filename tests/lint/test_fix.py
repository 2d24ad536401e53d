"""``--fix`` changes what it must and nothing else: properties over drafts in the shapes of real mail programs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from email.header import Header

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from policies.lint.draft import Draft
from policies.lint.fix import fix
from policies.lint.mending import NOTE_RULES
from tests.lint.drafts import CONDUCT, Shape, answered, draft, head, html_of, look_with

RITA = "Rita Vogel <rita@fair.example>"
NAMES = (
    "John Park",
    "Łukasz Żak",
    "山田 太郎",
    "Jörg Müller",
    "Anne-Marie O'Neil",
    "Doc & Sons <x>",
    "de la Cruz, Ana",
    "",
)
HTML_HEADS = (
    "<html><head><style>p {color: red}</style></head><body class='x'>",
    "<!DOCTYPE html><html><head><title>no</title></head>",
    "<!-- <body> --><BODY\nstyle='a>b'>",
    "",
)
QUOTES = (
    "On 4 May 2026, Rita Vogel wrote:\n> May we ask something?\n> [+ Nobody]",
    "Am Montag, 4. Mai 2026 um 08:00 schrieb Rita Vogel <rita@fair.example>:\n> May we ask something?",
    "-----Original Message-----\nFrom: Rita Vogel\nSent: Monday, 4 May 2026\nTo: us\nSubject: A question\n\nMay we?",
    "",
)
STATES = ("none", "right", "flipped", "low", "bare", "pasted", "false", "first only")


def mailbox(name: str, address: str) -> str:
    """A display name as a mail program writes it."""
    if not name:
        return address
    if not name.isascii():
        return f"{Header(name, 'utf-8').encode()} <{address}>"
    return f'"{name}" <{address}>' if set(name) & set(',<>&"') else f"{name} <{address}>"


def lines_for(state: str, name: str, *, is_first: bool) -> Sequence[str]:
    """The own lines of a draft to which ``name`` was added."""
    body = ["Dear Rita,", "", "thank you -- we = 100 % on it. ", "Grüße" if name == "Jörg Müller" else "Bye", "Ines"]
    said = name.partition(" ")[0] or "park"
    top = {
        "right": [f"[+ {said}]", ""],
        "flipped": [f"[- {said}] and more", ""],
        "bare": [f"+ {name}", ""],
        "pasted": [f"> [+ {said}]", ">", ""],
        "false": ["[+ Bosse]", "[- Zacharias]", ""],
        "first only": [f"[+ {said}]", ""] if is_first else [],
    }.get(state, [])
    return [*top, *body[:1], f"[+ {said}]", *body[1:]] if state == "low" else [*top, *body]


def fits(text: str, shape: Shape) -> bool:
    """Whether the text can be written in that shape at all."""
    try:
        encoded = text.encode(shape.charset)
    except UnicodeEncodeError:
        return False
    return shape.encoding != "7bit" or (max(encoded, default=0) < 128 and not shape.mark)


shapes = st.builds(
    Shape,
    structure=st.sampled_from(("plain", "html", "alternative", "mixed", "rich mixed", "apple")),
    charset=st.sampled_from(("utf-8", "iso-8859-1", "windows-1252", "us-ascii", "iso-2022-jp", "koi8-r", "gb18030")),
    encoding=st.sampled_from(("7bit", "8bit", "quoted-printable", "base64")),
    line_end=st.sampled_from((b"\n", b"\r\n")),
    width=st.sampled_from((76, 60, 72, 64)),
    is_flowed=st.booleans(),
    html_head=st.sampled_from(HTML_HEADS),
)
slow = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)


def build(shape: Shape, name: str, state: str, quote: str, cc: str | None) -> bytes:
    """A draft that adds somebody, in that state of its notes."""
    plain = "\n".join([*lines_for(state, name, is_first=True), "", quote, ""])
    rich = (
        html_of(lines_for(state, name, is_first=False))
        + f"<blockquote type='cite'>{quote.replace('>', '')}</blockquote>"
    )
    assume(fits(plain, shape) and fits(rich, shape))
    to = [RITA, mailbox(name, "park@new.example")]
    return draft(head(to, cc, shape), plain, rich, shape)


def files_of(mail: Draft) -> list[str]:
    """The digests of what is attached."""
    return [hashlib.sha256(part.content).hexdigest() for part in mail.attachments]


@slow
@given(
    shape=shapes,
    name=st.sampled_from(NAMES),
    state=st.sampled_from(STATES),
    quote=st.sampled_from(QUOTES),
    cc=st.sampled_from(
        (None, "", f" {CONDUCT}", " Team: bo@meadow.example;", " Bo <bo@meadow.example>,\n\tx@y.example")
    ),
)
def test_the_fixed_draft_is_right_and_otherwise_the_same(
    shape: Shape, name: str, state: str, quote: str, cc: str | None
) -> None:
    cc = cc if cc is None else cc.replace("\n", shape.line_end.decode())
    raw = build(shape, name, state, quote, cc)
    look = look_with(answered(["bo@meadow.example", "x@y.example"] if cc and "bo@" in cc else []))
    fixed = fix(raw, look)
    assert fixed.refusals == ()
    assert not [finding for finding in fixed.verdict.findings if finding.fixable], fixed.verdict.findings
    assert fix(fixed.raw, look).raw == fixed.raw
    before, after = Draft(raw), Draft(fixed.raw)
    assert [part.type for part in after.parts] == [part.type for part in before.parts]
    assert files_of(after) == files_of(before)
    if state in {"none", "right", "first only"}:
        assert_only_inserted(before, after)
    assert_nothing_lost(before, after)


def assert_only_inserted(before: Draft, after: Draft) -> None:
    """Each part, and the header, is what it was with at most one piece put in; base64 is compared decoded."""
    assert is_insertion(before.raw[: before.header.end], after.raw[: after.header.end])
    for one, other in zip(before.parts, after.parts, strict=True):
        if not one.children:
            is_packed = one.encoding == "base64"
            assert is_insertion(one.content if is_packed else one.body, other.content if is_packed else other.body)


def is_insertion(before: bytes, after: bytes) -> bool:
    """Whether ``after`` is ``before`` with one piece put in."""
    at = next((at for at, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), len(before))
    return len(after) >= len(before) and after.endswith(before[at:])


def assert_nothing_lost(before: Draft, after: Draft) -> None:
    """Every shown line that is no note is still there, in order."""
    for one, other in zip(before.texts, after.texts, strict=True):
        rest = iter([line.text.strip() for line in other.lines])
        kept = [
            text for line in one.lines if (text := line.text.strip()) and text.lstrip("> ")[:1] not in {"[", "+", ""}
        ]
        assert all(line in rest for line in kept)


@slow
@given(shape=shapes, quote=st.sampled_from(QUOTES), text=st.text(max_size=200))
def test_a_clean_draft_comes_back_as_it_was(shape: Shape, quote: str, text: str) -> None:
    plain = f"Dear Rita,\n\n{text}\n{quote}"
    assume(fits(plain, shape))
    raw = draft(head([RITA], f" {CONDUCT}", shape), plain, html_of(["Dear Rita,"]), shape)
    fixed = fix(raw, look_with(answered([])))
    if not {each.rule for each in fixed.verdict.findings} & NOTE_RULES:
        assert fixed.raw == raw


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("encoding", ["8bit", "quoted-printable", "base64"])
def test_what_comes_out_in_bytes(line_end: bytes, encoding: str) -> None:
    shape = Shape(encoding=encoding, line_end=line_end)
    raw = draft(head([RITA, "Jörg Müller <j@new.example>"], f" {CONDUCT}", shape), "Hello Rita,\n\nßß\n", "", shape)
    fixed = fix(raw, look_with(answered([]))).raw
    assert (
        Draft(fixed).root.content
        == ("[+ Jörg Müller]\n\nHello Rita,\n\nßß\n".replace("\n", line_end.decode())).encode()
    )
    if encoding != "base64":
        assert fixed.endswith(raw[raw.index(b"Hello") :])


def test_the_note_stands_behind_the_byte_order_mark() -> None:
    shape = Shape(mark=b"\xef\xbb\xbf")
    raw = draft(head([RITA, "j@new.example"], f" {CONDUCT}", shape), "Hello\n", "", shape)
    assert b"\n\n\xef\xbb\xbf[+ j@new.example]\n\nHello\n" in fix(raw, look_with(answered([]))).raw


def test_utf_16_keeps_its_order() -> None:
    shape = Shape(charset="utf-16-be", mark=b"\xfe\xff", encoding="base64")
    raw = draft(head([RITA, "j@new.example"], f" {CONDUCT}", shape), "Hello\n", "", shape)
    content = Draft(fix(raw, look_with(answered([]))).raw).root.content
    assert content.decode("utf-16") == "[+ j@new.example]\n\nHello\n"


def test_who_left_comes_after_who_joined() -> None:
    raw = draft(head([RITA, "Zoe <z@new.example>", "Al <a@new.example>"], f" {CONDUCT}", Shape()), "Hi\n", "", Shape())
    fixed = fix(raw, look_with(answered(["Eric Moss <e@old.example>"])))
    assert Draft(fixed.raw).root.content == b"[+ Zoe]\n[+ Al]\n[- Eric Moss]\n\nHi\n"


def test_one_wrong_name_leaves_the_others_in_the_bracket() -> None:
    text = "*[+ Zoe, Zacharias] [- Al]* hello\n"
    raw = draft(head([RITA, "Zoe <z@new.example>", "Al <a@new.example>"], f" {CONDUCT}", Shape()), text, "", Shape())
    fixed = fix(raw, look_with(answered([])))
    assert Draft(fixed.raw).root.content == b"*[+ Zoe] [+ Al]* hello\n"


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        ("DKIM-Signature: v=1; h=From:To:Cc; b=x", False),
        ("ARC-Seal: i=1; b=x", True),
        ("ARC-Message-Signature: i=1; h=to:cc : from; b=x", False),
    ],
)
def test_what_a_server_has_signed_stays(field: str, wanted: bool) -> None:
    raw = draft(head([RITA, "Zoe <z@new.example>"], None, Shape(), further=[field]), "Hi\n", "", Shape())
    fixed = fix(raw, look_with(answered([])))
    assert (f"Cc: {CONDUCT}".encode() in fixed.raw) is wanted
    assert b"[+" not in fixed.raw
    assert fixed.to_paste == ("[+ Zoe]",)
    assert any("signed by a server" in sentence for sentence in fixed.refusals)


SEALED = {
    "signed": 'Content-Type: multipart/signed; boundary="s"\n\n--s\nContent-Type: text/plain\n\nHi\n--s\n'
    "Content-Type: application/pgp-signature\n\nxx\n--s--\n",
    "encrypted": 'Content-Type: multipart/encrypted; boundary="s"\n\n--s\nContent-Type: application/pgp-encrypted\n\n'
    "Version: 1\n--s\nContent-Type: application/octet-stream\n\nxx\n--s--\n",
    "smime": "Content-Type: application/pkcs7-mime; smime-type=signed-data\n"
    "Content-Transfer-Encoding: base64\n\nAA==\n",
    "inline": "Content-Type: text/plain\n\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nHi\n"
    "-----BEGIN PGP SIGNATURE-----\n\nxx\n-----END PGP SIGNATURE-----\n",
    "digest": "Content-Type: text/plain\nContent-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==\n\nHi\n",
}


@pytest.mark.parametrize("kind", sorted(SEALED))
def test_the_text_of_a_sealed_mail_stays_and_its_cc_may_grow(kind: str) -> None:
    raw = head([RITA, "Zoe <z@new.example>"], None, Shape()) + SEALED[kind].encode()
    fixed = fix(raw, look_with(answered([])))
    assert fixed.raw == raw.replace(b"Subject:", f"Cc: {CONDUCT}\nSubject:".encode(), 1)


def test_a_signed_header_stays() -> None:
    body = SEALED["signed"].replace("text/plain", 'text/plain; protected-headers="v1"')
    raw = head([RITA], None, Shape()) + body.encode()
    fixed = fix(raw, look_with(answered([])))
    assert fixed.raw == raw
    assert fixed.refusals


def test_a_malformed_mail_stays() -> None:
    raw = head([RITA, "Zoe <z@new.example>"], None, Shape()) + b"To: other@x.example\nContent-Type: text/plain\n\nHi\n"
    fixed = fix(raw, look_with(answered([])))
    assert fixed.raw == raw


def test_reply_to_gets_the_mailbox() -> None:
    field = ["Reply-To: Ines <ines@meadow.example>"]
    raw = draft(head([RITA], f" {CONDUCT}", Shape(), further=field), "Hi\n", "", Shape())
    assert f"{field[0]},\n {CONDUCT}\n".encode() in fix(raw, look_with(answered([]))).raw
