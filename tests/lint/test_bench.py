"""The bench of the check counts what it says it counts, and ordinary letters stay unremarked."""

from __future__ import annotations

import mailbox
from pathlib import Path

import pytest

from policies.lint.draft import Draft
from tests.bench import letters, replies

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
)


def test_there_are_enough_letters() -> None:
    assert len(letters.letters()) >= 60
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
    counted = replies.count(replies.read_mails(path, 100))
    assert (counted["mails"], counted["replies"], counted["unchanged"], counted["changed"]) == (5, 4, 1, 3)
    assert counted["unchanged with a note finding"] == 0
    assert (counted["noted"], counted["noted and explained"]) == (2, 1)
    assert counted["says word-judgement"] == 1


def test_the_report_is_numbers_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "1.eml").write_text(MAILS[0])
    assert replies.main([str(tmp_path)]) == 0
    assert "x.example" not in capsys.readouterr().out
