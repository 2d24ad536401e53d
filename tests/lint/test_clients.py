"""What the writer wrote is told from what the mail program put below it, in each program's way and eight languages."""

from __future__ import annotations

import pytest

from policies.lint.draft import Draft
from tests.lint.clients import CLIENTS, LABELS, Quoted, body_of

OWN = ("Hello,", "", "thank you for this.", "", "Ines")
LATIN = Quoted(
    "Tuva Nyberg",
    "tuva.nyberg@glen.example",
    "conduct@meadow.example",
    "Ada Birk <ada@birk.example>",
    "At the fair",
    ("On Saturday somebody laughed.", "It was in the hall."),
)
JAPANESE = Quoted(
    "渡辺 健司", "kenji@watanabe.example", "conduct@meadow.example", "", "勉強会", ("来月の勉強会について。",)
)


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("language", LABELS)
@pytest.mark.parametrize("quoted", [LATIN, JAPANESE], ids=["latin", "japanese"])
def test_only_the_writers_lines_are_own(client: str, language: str, quoted: Quoted) -> None:
    header = b"From: a@b.example\r\nTo: c@d.example\r\nMIME-Version: 1.0\r\n"
    texts = Draft(header + body_of(CLIENTS[client], OWN, quoted, language)).texts
    assert texts
    for text in texts:
        assert [line.text.strip() for line in text.lines if line.is_own and line.text.strip()] == [
            line for line in OWN if line
        ]
