"""Where mails begin and end in an mbox of any custom, and their bytes as a server would give them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.archives.as_delivered import unquoted, with_line_ends, without_notes
from ingest.archives.looking import look

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
STAMP = b"From ada@mail.example Mon Mar  2 09:30:00 2026\n"


def letter(subject: str, body: bytes = b"It was loud.\n", headers: bytes = b"") -> bytes:
    return b"From: Ada Quill <ada@mail.example>\nSubject: " + subject.encode() + b"\n" + headers + b"\n" + body


def mails_of(file: Path) -> list[bytes]:
    found = look([file], NOW)
    return [b"".join(found.pieces(each)) for each in sorted(found.mails, key=lambda each: (each.file, each.start))]


def written(folder: Path, content: bytes) -> Path:
    file = folder / "archive.mbox"
    file.write_bytes(content)
    return file


def crlf(mail: bytes) -> bytes:
    return mail.replace(b"\n", b"\r\n")


@pytest.mark.parametrize(
    "separator",
    [
        b"From ada@mail.example Mon Mar  2 09:30:00 2026\n",
        b"From ada@mail.example Mon Mar 2 09:30:00 +0000 2026\n",
        b"From 1712345678901234567@xxx Mon Mar 02 09:30:00 +0000 2026\n",
        b"From - Mon Mar 02 09:30:00 2026\n",
        b"From ada quill Mon Mar  2 09:30 UTC 2026\n",
        b"From ada@mail.example  Mon, 2 Mar 2026 09:30:00 +0000\n",
        b"From mail!ada Mon Mar  2 09:30:00 2026 remote from mail\n",
        b"From \n",
        b"From -\n",
    ],
)
def test_a_mail_begins_after_each_form_of_the_line(tmp_path: Path, separator: bytes) -> None:
    one, two = letter("One"), letter("Two")
    file = written(tmp_path, separator + one + b"\n" + separator + two + b"\n")

    assert mails_of(file) == [crlf(one), crlf(two)]


def test_the_date_of_the_line_is_when_it_arrived(tmp_path: Path) -> None:
    (mail,) = look([written(tmp_path, STAMP + letter("One"))], NOW).mails

    assert mail.received == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    [
        b"From here on it got worse.\n",
        b"From Monday the 2nd of March 2026 on:\n",
        b">From ada@mail.example Mon Mar  2 09:30:00 2026\n",
    ],
)
def test_a_line_of_a_letter_does_not_end_it(tmp_path: Path, line: bytes) -> None:
    mail = letter("One", b"First.\n\n" + line + b"\nLast.\n")

    assert len(mails_of(written(tmp_path, STAMP + mail + b"\n" + STAMP + letter("Two")))) == 2


def test_a_missing_empty_line_before_the_next_mail_is_no_loss(tmp_path: Path) -> None:
    file = written(tmp_path, STAMP + letter("One") + STAMP + letter("Two"))

    assert mails_of(file) == [crlf(letter("One")), crlf(letter("Two"))]


def test_a_file_with_the_line_ends_of_mail_keeps_them(tmp_path: Path) -> None:
    content = crlf(STAMP + letter("One") + b"\n" + STAMP + letter("Two") + b"\n")

    assert mails_of(written(tmp_path, content)) == [crlf(letter("One")), crlf(letter("Two"))]


def test_a_mark_that_an_editor_set_above_the_first_line_swallows_no_mail(tmp_path: Path) -> None:
    file = written(tmp_path, b"\xef\xbb\xbf" + STAMP + letter("One") + b"\n" + STAMP + letter("Two"))

    assert mails_of(file) == [crlf(letter("One")), crlf(letter("Two"))]


def test_a_mark_above_mails_with_lengths_swallows_none_either(tmp_path: Path) -> None:
    file = written(tmp_path, b"\xef\xbb\xbf" + counted("One", b"Short.\n") + counted("Two", b"Shorter.\n"))

    assert mails_of(file) == [crlf(letter("One", b"Short.\n")), crlf(letter("Two", b"Shorter.\n"))]


def test_quoting_is_undone_by_one_sign(tmp_path: Path) -> None:
    body = b"Hello.\n\n>From there on.\n>>From him.\n> From a quote.\n>From \n"
    plain = b"Hello.\n\nFrom there on.\n>From him.\n> From a quote.\nFrom \n"
    file = written(tmp_path, STAMP + letter("One", body) + b"\n")

    assert mails_of(file) == [crlf(letter("One", plain))]


def counted(subject: str, body: bytes) -> bytes:
    return STAMP + letter(subject, body, b"Content-Length: " + str(len(body)).encode() + b"\n") + b"\n"


def test_lengths_that_fit_for_all_mails_tell_where_each_ends(tmp_path: Path) -> None:
    inside = b"I paste it:\n\n" + STAMP + b"Subject: Pasted\n\nIt is mine.\n>From me.\n"
    content = counted("One", inside) + counted("Two", b"Short.\n")

    assert mails_of(written(tmp_path, content)) == [crlf(letter("One", inside)), crlf(letter("Two", b"Short.\n"))]


def test_a_sender_cannot_swallow_the_next_mail_by_a_length_of_her_own(tmp_path: Path) -> None:
    greedy = letter("Greedy", b"Mine.\n", b"Content-Length: 4000\n")
    victim = STAMP + letter("Victim", b"x" * 3000 + b"\n") + b"\n"
    exact = letter("Exact", b"Mine.\n", b"Content-Length: " + str(6 + 1 + len(victim) - 1).encode() + b"\n")
    for hostile in (greedy, exact):
        content = STAMP + hostile + b"\n" + victim + STAMP + letter("Last") + b"\n"
        subjects = [each.split(b"Subject: ")[1].split(b"\r\n")[0] for each in mails_of(written(tmp_path, content))]
        assert subjects[1:] == [b"Victim", b"Last"]


def test_a_file_cut_in_the_middle_gives_what_is_there(tmp_path: Path) -> None:
    content = counted("One", b"Whole.\n") + counted("Two", b"Not whole at all.\n")

    one, two = mails_of(written(tmp_path, content[:-12]))

    assert one == crlf(letter("One", b"Whole.\n"))
    assert b"Not" in two


def test_notes_of_the_program_that_kept_the_file_are_no_part_of_a_mail(tmp_path: Path) -> None:
    notes = b"Status: RO\nX-Status: A\nX-Mozilla-Status: 0001\nX-Gmail-Labels: Bo Rook,\n Important\nX-UID: 7\n"
    file = written(tmp_path, STAMP + letter("One", headers=notes) + b"\n")

    assert mails_of(file) == [crlf(letter("One"))]


def test_what_was_deleted_but_lies_there_still_is_left_out_and_counted(tmp_path: Path) -> None:
    mozilla = letter("Gone", headers=b"X-Mozilla-Status: 0009\n")
    pine = letter("Gone too", headers=b"X-Status: AD\n")
    note = letter("DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA", headers=b"X-IMAP: 1 2\n")
    content = b"".join(STAMP + each + b"\n" for each in (note, mozilla, pine, letter("Kept")))

    found = look([written(tmp_path, content)], NOW)

    assert (len(found.mails), found.left_out) == (1, 3)


# --- whatever the pieces


def in_pieces(data: bytes, cuts: Iterable[int]) -> list[bytes]:
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[a:b] for a, b in itertools.pairwise(places)]


TEXT = st.lists(st.sampled_from([b"From ", b">", b">>From ", b"\n", b"\r\n", b"\r", b"a", b"\n>From x\n"])).map(
    b"".join
)


@settings(max_examples=300)
@given(data=TEXT, cuts=st.lists(st.integers(0, 400), max_size=6))
def test_pieces_make_no_difference(data: bytes, cuts: list[int]) -> None:
    pieces = in_pieces(data, cuts)

    assert b"".join(with_line_ends(pieces)) == b"".join(with_line_ends([data]))
    assert b"".join(unquoted(pieces, "mboxrd")) == b"".join(unquoted([data], "mboxrd"))
    assert b"".join(unquoted(pieces, "mboxo")) == b"".join(unquoted([data], "mboxo"))


@settings(max_examples=200)
@given(data=TEXT)
def test_mboxrd_undoes_what_mboxrd_does(data: bytes) -> None:
    lines = data.split(b"\n")
    quoted = b"\n".join(b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in lines)

    assert b"".join(unquoted([quoted], "mboxrd")) == data


@settings(max_examples=200, deadline=None)
@given(
    bodies=st.lists(
        st.lists(st.sampled_from([b"From a\n", b">From b\n", b"\n", b"text\n"])).map(b"".join), min_size=1, max_size=5
    )
)
def test_what_is_written_as_mboxrd_comes_back_whole(
    tmp_path_factory: pytest.TempPathFactory, bodies: list[bytes]
) -> None:
    mails = [letter(f"Number {number}", body) for number, body in enumerate(bodies)]
    content = b""
    for mail in mails:
        lines = mail.split(b"\n")
        quoted = (b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in lines)
        content += STAMP + b"\n".join(quoted) + b"\n"

    assert mails_of(written(tmp_path_factory.mktemp("mbox"), content)) == [crlf(mail) for mail in mails]


def test_only_the_header_loses_notes() -> None:
    mail = b"Status: RO\nFrom: a@b.example\n\nStatus: this stays\n"

    assert b"".join(without_notes([mail])) == b"From: a@b.example\n\nStatus: this stays\n"


def test_a_large_mail_comes_in_pieces(tmp_path: Path) -> None:
    body = (b"x" * 70 + b"\n>From\n") * 60_000
    file = written(tmp_path, STAMP + letter("Large", body) + b"\n" + STAMP + letter("Next") + b"\n")
    found = look([file], NOW)
    large = max(found.mails, key=lambda each: each.size)

    pieces = list(found.pieces(large))

    assert max(map(len, pieces)) < 3 * 1024 * 1024
    assert b"".join(pieces) == crlf(letter("Large", body))
    assert file.stat().st_size > 4_000_000
