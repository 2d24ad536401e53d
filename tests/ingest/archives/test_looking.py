"""Which files hold mail, and when each mail is said to have arrived."""

from __future__ import annotations

import gzip
import mailbox
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.archives.looking import Archives, look
from policies.errors import Unavailable, UnreadableInput

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MODIFIED = datetime(2025, 6, 1, 8, 0, tzinfo=UTC)
STAMP = b"From ada@mail.example Tue Mar  3 10:00:00 2020\n"
RECEIVED = b"Received: from a.example by b.example; Mon, 2 Mar 2020 10:00:00 +0100\n"
EARLIER = b"Received: from c.example by a.example; Sun, 1 Mar 2020 10:00:00 +0100\n"
WRITTEN = b"Date: Sat, 29 Feb 2020 10:00:00 +0000\n"
SUBJECT = b"Subject: One\n\nText.\n"


def put(file: Path, content: bytes) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    os.utime(file, (MODIFIED.timestamp(), MODIFIED.timestamp()))
    return file


def arrived(found: Archives) -> str:
    (mail,) = found.mails
    return f"{mail.received:%Y-%m-%dT%H:%M}"


@pytest.mark.parametrize(
    ("name", "content", "day"),
    [
        ("a.mbox", STAMP + RECEIVED + EARLIER + WRITTEN + SUBJECT, "2020-03-02T09:00"),
        ("a.mbox", STAMP + WRITTEN + SUBJECT, "2020-03-03T10:00"),
        ("a.mbox", b"From -\n" + WRITTEN + SUBJECT, "2020-02-29T10:00"),
        ("a.mbox", b"From -\n" + SUBJECT, "2025-06-01T08:00"),
        ("a.eml", RECEIVED + EARLIER + WRITTEN + SUBJECT, "2020-03-02T09:00"),
        ("a.eml", WRITTEN + SUBJECT, "2020-02-29T10:00"),
        ("a.eml", SUBJECT, "2025-06-01T08:00"),
        ("a.eml", b"Date: Fri, 1 Jan 2038 00:00:00 +0000\n" + SUBJECT, "2025-06-01T08:00"),
        ("a.eml", b"Date: Thu, 1 Jan 1970 00:00:00 +0000\n" + SUBJECT, "2025-06-01T08:00"),
        ("a.eml", b"Date: yesterday\nReceived: nonsense\n" + SUBJECT, "2025-06-01T08:00"),
    ],
)
def test_it_arrived_when_the_last_server_says_else_the_file_else_the_sender(
    tmp_path: Path, name: str, content: bytes, day: str
) -> None:
    assert arrived(look([put(tmp_path / name, content)], NOW)) == day


def test_a_maildir_tells_by_its_names_and_else_by_the_time_of_the_file(tmp_path: Path) -> None:
    for folder in ("cur", "new", "tmp"):
        (tmp_path / "named" / folder).mkdir(parents=True)
        (tmp_path / "bare" / folder).mkdir(parents=True)
    put(tmp_path / "named" / "cur" / "1583229600.M1P2.host:2,S", WRITTEN + SUBJECT)
    put(tmp_path / "bare" / "new" / "letter", WRITTEN + SUBJECT)

    assert arrived(look([tmp_path / "named"], NOW)) == "2020-03-03T10:00"
    assert arrived(look([tmp_path / "bare"], NOW)) == "2025-06-01T08:00"


def test_a_maildir_with_folders_is_read_but_for_deleted_mail_drafts_and_what_is_not_there_yet(tmp_path: Path) -> None:
    box = mailbox.Maildir(tmp_path / "box")
    box.add(b"Subject: New\n\nText.\n")
    inner = box.add_folder("Archive")
    inner.add(b"Subject: Inner\n\nText.\n")
    put(tmp_path / "box" / "cur" / "1.a:2,ST", SUBJECT)
    put(tmp_path / "box" / "cur" / "1.b:2,D", SUBJECT)
    put(tmp_path / "box" / "tmp" / "1.c", SUBJECT)
    put(tmp_path / "box" / "dovecot-uidlist", b"3 V1\n")

    found = look([tmp_path / "box"], NOW)

    assert (len(found.mails), found.left_out) == (2, 2)


def test_a_folder_gives_what_looks_like_mail_and_counts_the_rest(tmp_path: Path) -> None:
    put(tmp_path / "old" / "a.eml", SUBJECT)
    put(tmp_path / "old" / "b.EML", WRITTEN + SUBJECT)
    put(tmp_path / "old" / "2019" / "Inbox", STAMP + SUBJECT)
    put(tmp_path / "old" / "2019" / "Inbox.msf", b"// index")
    put(tmp_path / "old" / "note.txt", b"Subject: no\n\n")
    put(tmp_path / "old" / "empty.eml", b"")
    os.mkfifo(tmp_path / "old" / "pipe")

    found = look([tmp_path / "old"], NOW)

    assert (len(found.mails), found.ignored) == (3, 3)


def test_an_eml_with_a_from_line_above_is_one_mail(tmp_path: Path) -> None:
    assert arrived(look([put(tmp_path / "a.eml", STAMP + SUBJECT)], NOW)) == "2020-03-03T10:00"


def test_mails_of_several_files_come_oldest_first(tmp_path: Path) -> None:
    newer = put(tmp_path / "a.mbox", STAMP + SUBJECT)
    older = put(tmp_path / "b.eml", WRITTEN + SUBJECT)

    assert [each.file for each in look([newer, older], NOW).mails] == [1, 0]


@pytest.mark.parametrize("content", [b"", b"just some words\n", b"\x89PNG\r\n\x1a\n\x00\x00"])
def test_what_holds_no_mail_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnreadableInput, match="no mail"):
        look([put(tmp_path / "a", content)], NOW)


def test_what_is_packed_is_to_be_unpacked_first(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput) as refused:
        look([put(tmp_path / "a.mbox.GZ", gzip.compress(STAMP + SUBJECT))], NOW)

    assert "unpack" in refused.value.hint


def test_a_file_that_changes_meanwhile_is_not_read_on(tmp_path: Path) -> None:
    file = put(tmp_path / "a.mbox", STAMP + SUBJECT)
    found = look([file], NOW)
    put(file, STAMP + b"X-Other: 1\n" + SUBJECT)

    with pytest.raises(Unavailable, match="changed"):
        list(found.pieces(found.mails[0]))


def test_nothing_of_names_or_text_is_printed(tmp_path: Path) -> None:
    found = look([put(tmp_path / "Bo Rook.mbox", STAMP + SUBJECT)], NOW)

    assert "Rook" not in repr((found, found._files, found.mails))
