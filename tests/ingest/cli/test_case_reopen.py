"""``conduct case reopen``: decided anew, with new dates."""

from __future__ import annotations

from pathlib import Path

from tests.scenes import Scene, mail_from
from tests.servers.account import Account


def _closed(folder: Path, account: Account) -> tuple[Scene, str]:
    scene = Scene.found(folder, account)
    scene.deliver(mail_from("ada@example.net", "Report"))
    scene.poll()
    name = scene.conduct("case", "list", "--json").done().json["cases"][0]["case"]
    scene.conduct("case", "accept", name, "--subject", "Sam Stone <@sam_stone>", on="2026-03-03").done()
    scene.conduct("case", "close", name, "--outcome", "resolved", "--yes", on="2026-03-04").done()
    return scene, name


def test_reopened_case_has_no_term_until_it_is_decided_anew(tmp_path: Path, pymap_account: Account) -> None:
    scene, name = _closed(tmp_path, pymap_account)

    scene.conduct("case", "reopen", name, "--reason", "new facts", on="2026-04-01").done()
    found = scene.conduct("case", "list", "--json", on="2026-04-01").done().json["cases"][0]
    assert (found["status"], found["outcome"], found["expunge_on"]) == ("open", None, None)

    scene.conduct("case", "close", name, "--outcome", "flagged", "--yes", on="2026-04-20").done()
    assert (
        scene.conduct("case", "list", "--json", on="2026-04-20").done().json["cases"][0]["expunge_on"] == "2028-06-20"
    )


def test_only_a_closed_case_is_reopened(tmp_path: Path, pymap_account: Account) -> None:
    scene, name = _closed(tmp_path, pymap_account)
    scene.conduct("case", "reopen", name, "--reason", "new facts", on="2026-04-01").done()

    assert "closed" in scene.conduct("case", "reopen", name, "--reason", "again", on="2026-04-01").done(1).err
