"""The words that mail programs give to sendmail."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.gate.sendmail_arguments import parse_arguments
from policies.errors import WrongUsage


@pytest.mark.parametrize(
    ("words", "recipients", "sender", "reads_header", "dots_are_text"),
    [
        # mutt and neomutt, with use_envelope_from and dsn_notify
        ("-oem -oi -f conduct@example.org -- lena@example.com max@example.com",
         "lena@example.com max@example.com", "conduct@example.org", False, True),
        ("-oem -oi -N failure,delay -R hdrs -- lena@example.com", "lena@example.com", None, False, True),
        ("-B 8BITMIME -oem -oi -- lena@example.com", "lena@example.com", None, False, True),
        # git send-email
        ("-f conduct@example.org -i lena@example.com max@example.com",
         "lena@example.com max@example.com", "conduct@example.org", False, True),
        # aerc, msmtp's way, mailx
        ("-t -i", "", None, True, True),
        ("-i -r conduct@example.org lena@example.com", "lena@example.com", "conduct@example.org", False, True),
        # glued, several letters in one, mode and name
        ("-fconduct@example.org -FConduct -bm -odi -it", "", "conduct@example.org", True, True),
        ("-ti -f <>", "", "", True, True),
        ("-F Conduct -O Mode=b -X log -V id -L tag -h 3 lena@example.com", "lena@example.com", None, False, False),
        # what looks like an option behind -- is an address
        ("-- -t@example.com", "-t@example.com", None, False, False),
        ("lena@example.com,max@example.com <ann@example.com>",
         "lena@example.com max@example.com ann@example.com", None, False, False),
    ],
)  # fmt: skip
def test_the_words_of_mail_programs(
    words: str, recipients: str, sender: str | None, reads_header: bool, dots_are_text: bool
) -> None:
    read = parse_arguments(words.split())

    assert read.recipients == tuple(recipients.split())
    assert (read.sender, read.reads_header, read.dots_are_text) == (sender, reads_header, dots_are_text)


@pytest.mark.parametrize("words", ["-bs", "-bp", "-bi", "-q", "-q30m", "-f", "-Z", "--what", "--again"])
def test_what_is_no_handing_over_is_refused(words: str) -> None:
    with pytest.raises(WrongUsage):
        parse_arguments([words])


def test_options_of_ours() -> None:
    read = parse_arguments(["--home", "/x", "--again=00ff00ff", "--no-input"])

    assert (read.our("--home"), read.our("--again"), read.our("--no-input")) == ("/x", "00ff00ff", "")
    assert read.our("--kept") is None


@given(st.lists(st.text(max_size=12), max_size=8))
def test_any_words_are_read_or_refused(words: list[str]) -> None:
    try:
        read = parse_arguments(words)
    except WrongUsage:
        return
    assert all(isinstance(each, str) for each in read.recipients)
