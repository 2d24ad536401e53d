"""Samples sealed once, in format 1: as long as they open, what committees have stored opens as well.

They are never made anew.  A change that breaks one of them needs a new version byte, and new samples beside these.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path

from records.vault.identity import (
    Identity,
    ServerKeys,
    from_recovery_text,
    read_introduction,
    recovery_text,
    spoken_words,
    unlock,
    verify,
)
from records.vault.seal import Tagger, open_bytes, open_grant, open_stream, salted_digest, tag, unwrap

SAMPLES: dict[str, str] = json.loads(Path(__file__).with_name("frozen_format_1.json").read_text(encoding="utf-8"))


def sample(name: str) -> bytes:
    """The bytes of a sample kept in base64."""
    return base64.b64decode(SAMPLES[name])


KEY = sample("key")
MIRA = Identity(sample("secret"))


def test_the_same_keys_follow_from_the_secret() -> None:
    assert MIRA.public.fingerprint.hex() == SAMPLES["fingerprint"]
    assert MIRA.public.sign.hex() == SAMPLES["sign"]
    assert MIRA.sign(b"act").hex() == SAMPLES["signature"]
    assert verify(MIRA.public.sign, b"act", bytes.fromhex(SAMPLES["signature"]))
    assert " ".join(spoken_words(MIRA.public.fingerprint)) == SAMPLES["words"]


def test_the_locked_and_the_printed_identity_open() -> None:
    assert unlock(SAMPLES["locked"].encode(), "a cup of tea").public == MIRA.public
    assert from_recovery_text(SAMPLES["recovery"]).public == MIRA.public
    assert recovery_text(MIRA) == SAMPLES["recovery"]


def test_the_server_keys_open_and_are_written_the_same() -> None:
    assert ServerKeys.parse(SAMPLES["server"].encode()) == ServerKeys(sample("secret"), KEY)
    assert ServerKeys(sample("secret"), KEY).serialise().decode() == SAMPLES["server"]


def test_the_introduction_is_read() -> None:
    newcomer = read_introduction(SAMPLES["newcomer"])

    assert (newcomer.name, newcomer.addresses) == ("Mira Okafor", ("mira@example.org",))
    assert (newcomer.handles, newcomer.nicknames, newcomer.public) == (("@mira",), ("Mimi",), MIRA.public)


def test_the_seals_open() -> None:
    assert open_grant(sample("grant"), MIRA, "m1") == KEY
    assert unwrap(sample("wrapped"), KEY, "case-1|subject:1") == sample("secret")
    assert open_bytes(sample("sealed"), KEY, "case-1|summary") == b"Frozen in format 1."
    assert b"".join(open_stream([sample("stream")], KEY, "message|m1")) == sample("plain")


def test_every_seal_begins_with_its_version_and_kind() -> None:
    assert [sample(name)[:2].hex() for name in ("grant", "wrapped", "sealed", "stream")] == [
        "0101",
        "0102",
        "0103",
        "0104",
    ]


def test_tags_and_digests_are_the_same() -> None:
    tagger = Tagger(KEY)
    tagger.update(sample("plain"))

    assert tag(KEY, b"message-id", b"<a@example.org>").hex() == SAMPLES["tag"]
    assert tagger.finish().hex() == SAMPLES["raw"]
    assert salted_digest(KEY[:16], "reason").hex() == SAMPLES["digest"]
