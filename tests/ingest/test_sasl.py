"""The first messages of SASL mechanisms, as their documents write them."""

from __future__ import annotations

from ingest import sasl


def test_plain_keeps_any_letters() -> None:
    assert sasl.plain("zoë", "pass wörd") == "\0zoë\0pass wörd".encode()


def test_xoauth2_ends_with_two_separators() -> None:
    assert sasl.xoauth2("conduct@example.org", "a.b-c") == b"user=conduct@example.org\1auth=Bearer a.b-c\1\1"


def test_oauthbearer_escapes_the_name() -> None:
    message = sasl.oauthbearer("a=b,c@example.org", "smtp.example.org", 465, "tok")

    assert message == b"n,a=a=3Db=2Cc@example.org,\1host=smtp.example.org\1port=465\1auth=Bearer tok\1\1"
