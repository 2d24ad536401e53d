"""A committee with one case on record and its doors: what the tests of the gate stand on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ingest.clock import clock_for
from ingest.config import load_settings
from ingest.config_file import write_settings
from ingest.gate.judging import Gate, Unlock
from records.keyring import Keyring
from records.store import Store
from tests.scenes import CONDUCT, Person, Scene, copy_home, mail_from
from tests.servers.account import Account

REPORTER, SUBJECT, STRANGER = "ada@example.net", "sam@example.com", "olga@example.com"
PRIVATE = "priya@home.example.net"
REPORT_ID = "<report-1@mail.example.net>"
REPORT = mail_from(
    f"Ada Berg <{REPORTER}>", "What happened", "Sam Stone shouted at me.\n", headers={"Message-ID": REPORT_ID}
)


def founded(folder: Path, account: Account, values: Mapping[str, Any] | None = None) -> Scene:
    """A committee whose one case, an open record, has Ada for its reporter and Sam for its subject."""
    scene = Scene.found(folder, account, values=values)
    scene.deliver(REPORT)
    scene.poll()
    case = scene.conduct("case", "list", "--json").done().json["cases"][0]["case"].replace(" ", "-")
    scene.conduct("case", "accept", case, "--subject", f"Sam Stone <{SUBJECT}>", "summary=Shouting.").done()
    return scene


def copied(original: Scene, folder: Path, values: Mapping[str, Any] | None = None) -> Scene:
    """The same committee in another folder, with further keys in its conduct.toml."""
    scene = copy_home(original, folder)
    scene.home.settings_file.unlink()
    write_settings(scene.home, {"address": CONDUCT, "trial": True, **(values or {})})
    return scene


def gate_of(scene: Scene, who: Person | None, *, is_shared: bool = False) -> Gate:
    """The gate of a home, with a member's key unlocked, or with nobody's."""
    settings = load_settings(scene.home)
    return Gate(scene.home, settings, clock_for({}, trial=True), unlocked(who), is_shared=is_shared)


def unlocked(who: Person | None) -> Unlock:
    """Her key, or None."""

    def unlock(_: Store) -> Keyring | None:
        return who.keyring if who else None

    return unlock


def letter(
    to: str,
    text: str = "Thank you for your mail.\n",
    *,
    sender: str = CONDUCT,
    subject: str = "Your mail",
    cc: str = CONDUCT,
    answers: str = "",
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """A mail of ours as a mail program hands it over, lines ended by CR LF."""
    fields = {"In-Reply-To": answers, "References": answers} if answers else {}
    mail = mail_from(sender, subject, text, to=to, headers={**fields, **(headers or {})})
    if cc:
        mail["Cc"] = cc
    return bytes(mail).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
