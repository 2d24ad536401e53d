"""The bench of the check counts what it says it counts, and ordinary letters stay unremarked."""

from __future__ import annotations

import mailbox
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.archives.looking import look
from policies.lint.draft import Draft
from tests.bench import letters, replies
from tests.bench.chains import Chains

PARENT = (
    "From: a@x.example\nTo: b@x.example\nSubject: s\nMessage-ID: <1@x>\nDate: Mon, 4 May 2026 08:00:00 +0000\n\nHi\n"
)
REPLY = "From: b@x.example\nTo: a@x.example{more}\nSubject: Re: s\nIn-Reply-To: <1@x>\nMessage-ID: <{id}@x>\n\n{text}\n"
MAILS = (
    PARENT,
    REPLY.format(id=2, more="", text="Yes"),
    REPLY.format(id=3, more=", zoe@x.example", text="Yes"),
    REPLY.format(id=4, more=", zoe@x.example", text="[+ Zoe]\n\nYes"),
    REPLY.format(id=5, more=", zoe@x.example", text="[+ Max]\n\nThis is disgusting."),
    REPLY.format(id=6, more="", text="[+ Max]\n\nYes"),
)
NEW_LANGUAGES = ("es", "it", "ja", "nl", "pt")


def counted(path: Path) -> Counter[str]:
    """What the bench counts there."""
    archives = look([path], datetime(2026, 6, 1, tzinfo=UTC))
    return replies.count(archives, archives.mails, lambda *_: None)


def test_there_are_enough_letters() -> None:
    names = [file.stem for file in letters.letters()]
    assert len(names) >= 60
    assert all(sum(name.endswith(f"-{language}") for name in names) >= 8 for language in NEW_LANGUAGES)
    for file in letters.letters():
        draft = Draft(file.read_bytes())
        assert draft.texts[0].own, file.name


def test_ordinary_letters_stay_unremarked() -> None:
    assert len(letters.speaking()) <= letters.MOST_SPEAKING


@pytest.mark.parametrize("kind", ["mbox", "maildir", "folder"])
def test_replies_are_counted(tmp_path: Path, kind: str) -> None:
    path = tmp_path / kind
    if kind == "folder":
        path.mkdir()
        for number, text in enumerate(MAILS):
            (path / f"{number}.eml").write_text(text)
    else:
        box: mailbox.Mailbox[mailbox.mboxMessage] = (mailbox.mbox if kind == "mbox" else mailbox.Maildir)(path)  # type: ignore[assignment]
        for text in MAILS:
            box.add(text.encode())
        box.close()
    found = counted(path)
    assert (found["mails"], found["replies"], found["unchanged"], found["changed"]) == (6, 5, 2, 3)
    assert found["unchanged with a note finding"] == 0
    assert found["unchanged and noted"] == 1
    assert (found["noted"], found["noted and explained"]) == (2, 1)
    assert found["says word-judgement"] == 1


def test_the_invented_archive_is_told_as_it_was_made(tmp_path: Path) -> None:
    chains = Chains(11)
    (tmp_path / "invented.mbox").write_bytes(b"".join(chains.mbox(250)))

    found = counted(tmp_path / "invented.mbox")

    assert {name: found[name] for name in chains.truth} == dict(chains.truth)
    assert found["unchanged with a note finding"] == 0
    assert b"".join(Chains(11).mbox(5)) == b"".join(Chains(11).mbox(5))


def test_the_report_is_numbers_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "1.eml").write_text(MAILS[4])
    assert replies.main([tmp_path]) == 0
    told = capsys.readouterr().out
    assert "word-judgement" in told
    assert "x.example" not in told
    assert "disgusting" not in told


def test_nothing_to_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert replies.main([tmp_path]) == 3
    assert "holds no mail" in capsys.readouterr().err
