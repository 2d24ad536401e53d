"""``conduct lint --allow`` with the store: known again for the very draft, with a key and without; void for another."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli_runner import Completed, call_conduct
from tests.scenes import CONDUCT, Scene, mail_from
from tests.servers.account import Account

ASKER = "Olga Organ <olga@venue.example.com>"
REASON = ("--reason", "The hidden copy is for our archive.")
DECISION = "Hello Sam,\n\nyou may not enter the venue, with immediate effect. Tell us your side by Friday.\n"
FINAL = "Hello Sam,\n\nour final decision: you are banned.\n"


@pytest.fixture
def scene(tmp_path: Path, pymap_account: Account) -> Scene:
    """A committee that was asked something by an organiser, and has a record about Sam Stone."""
    made = Scene.found(tmp_path, pymap_account)
    headers = {"Message-ID": "<q1@venue.example.com>"}
    made.deliver(mail_from(ASKER, "A question", "Where is your page?\n", headers=headers))
    made.deliver(mail_from("Ada Quill <ada@example.net>", "Report"))
    made.poll()
    mails = {mail["subject"]: mail for mail in made.listed()}
    made.conduct("case", "dismiss", mails["A question"]["case"], "--reason", "A question.").done()
    made.conduct("case", "accept", mails["Report"]["case"], "--subject", "Sam Stone <sam@example.net>").done()
    return made


def _case(scene: Scene) -> str:
    listed = scene.conduct("case", "list", "--json", "--status", "open").done().json["cases"]
    return str(listed[0]["case"])


def _draft(scene: Scene, body: str = "Hello Olga,\nit is on our site.\n", *, to: str = ASKER, extra: str = "") -> str:
    writer = scene.members[0]
    answers = "In-Reply-To: <q1@venue.example.com>\n" if to == ASKER else ""
    return (
        f"From: {writer.name} <{writer.address}>\nTo: {to}\nCc: {CONDUCT}\nBcc: lea@example.com\n"
        f"Subject: Re: A question\n{answers}{extra}Content-Type: text/plain; charset=utf-8\n\n{body}"
    )


def _lint(scene: Scene, draft: str, *extra: str, who: str | None = "Priya") -> Completed:
    arguments = ("lint", "-", "--json", "--reveal", *extra)
    if who is None:
        return call_conduct("--no-input", *arguments, home=scene.home.root, stdin=draft)
    return scene.conduct(*arguments, who=who, stdin=draft)


def _rules(answer: Completed) -> set[str]:
    return {finding["rule"] for finding in answer.json["findings"] if finding["severity"] == "error"}


def test_let_pass_once_it_is_let_pass_at_every_later_check(scene: Scene) -> None:
    draft = _draft(scene)
    assert _rules(_lint(scene, draft)) == {"bcc-used"}

    first = _lint(scene, draft, "--allow", "bcc-used", *REASON)
    assert (first.status, first.json["allowed"]) == (0, [{"rule": "bcc-used", "about": "lea@example.com"}])
    assert "void when it changes: bcc-used" in first.err

    sent = _draft(scene, extra="Message-ID: <s1@committee.example.org>\nUser-Agent: Mutt\n").replace("\n", "\r\n")
    envelope = ("--recipients", f"olga@venue.example.com,{CONDUCT},lea@example.com")
    assert _lint(scene, draft, who="Noor").status == 0
    assert _lint(scene, sent, who="Noor").status == 0
    assert _lint(scene, sent.replace("Bcc: lea@example.com\r\n", ""), *envelope, who="Noor").status == 0


def test_door_without_a_key_knows_it_too(scene: Scene) -> None:
    draft = _draft(scene, extra="Reply-To: priya@elsewhere.example\n").replace("Bcc: lea@example.com\n", "")
    locked = _lint(scene, draft, who=None)
    assert (locked.status, _rules(locked)) == (1, {"reply-to"})

    _lint(scene, draft, "--allow", "reply-to=priya@elsewhere.example", "--reason", "She travels.").done()

    locked = _lint(scene, draft, who=None)
    assert (locked.status, locked.json["verdict"]) == (0, "pass")
    assert locked.json["allowed"] == [{"rule": "reply-to", "about": "priya@elsewhere.example"}]


@pytest.mark.parametrize("who", ["Priya", None])
def test_void_as_soon_as_a_word_changes(scene: Scene, who: str | None) -> None:
    draft = _draft(scene)
    _lint(scene, draft, "--allow", "bcc-used=lea@example.com", *REASON).done()

    for changed in (draft.replace("site", "Site"), draft.replace("lea@", "leo@"), draft.replace("Re: A", "Re: One")):
        assert _rules(_lint(scene, changed, who=who)) == {"bcc-used"}


def test_only_what_is_needed_is_recorded(scene: Scene) -> None:
    answer = _lint(scene, _draft(scene), "--allow", "bcc-used=leo@example.com", "--allow", "size", *REASON).done(1)

    assert answer.err.count("nothing is recorded") == 2
    assert "lint-allow" not in _acts(scene)


def test_reason_is_nowhere_in_clear_and_what_never_passes_says_what_would_lift_it(scene: Scene) -> None:
    _lint(scene, _draft(scene), "--allow", "bcc-used", *REASON).done()
    refused = _lint(scene, _draft(scene), "--allow", "content-forwarded", *REASON).done(1)

    assert _acts(scene)[-1] == "lint-allow"
    assert "hidden copy" not in scene.conduct("audit", "list", "--json").out
    assert scene.files_with(b"hidden copy") == scene.files_with(b"lea@example.com") == []
    assert "--scope content" in refused.err


def test_override_stands_in_the_history_of_its_case_without_saying_about_whom(scene: Scene) -> None:
    case = _case(scene)
    _lint(scene, _draft(scene), "--case", case, "--allow", "bcc-used", *REASON).done()
    shown = scene.conduct("case", "show", case).done().out
    history = shown.partition("History")[2]

    assert "lint-allow, Priya Raman (draft " in history
    assert "rule bcc-used)" in history
    assert "lea" not in history
    last = scene.conduct("case", "show", case, "--json").done().json["history"][-1]
    assert set(last["details"]) == {"draft", "rule", "reason"}


def test_over_after_the_term_of_unlinked_mail_and_destroyed_by_the_next_poll(scene: Scene) -> None:
    draft = _draft(scene)
    scene.conduct("lint", "-", "--allow", "bcc-used", *REASON, stdin=draft, on="2026-03-10").done()
    assert scene.conduct("lint", "-", stdin=draft, on="2026-04-09").status == 0
    assert scene.conduct("lint", "-", stdin=draft, on="2026-04-10").status == 1
    with scene.looking() as transaction:
        before = transaction.content.exec_driver_sql("SELECT note FROM overrides").scalar_one()

    scene.poll(on="2026-04-10")

    with scene.looking() as transaction:
        assert transaction.content.exec_driver_sql("SELECT count(*) FROM overrides").scalar_one() == 0
        keys = transaction.keys.exec_driver_sql("SELECT object FROM grants").scalars().all()
    assert before not in keys


def test_with_fix_it_holds_for_the_mended_mail(scene: Scene, tmp_path: Path) -> None:
    draft = _draft(scene).replace(f"Cc: {CONDUCT}\n", "")
    out = tmp_path / "mended.eml"
    scene.conduct("lint", "-", "--fix", "-o", out, "--allow", "bcc-used", *REASON, stdin=draft).done()

    assert _lint(scene, out.read_text()).status == 0
    assert _rules(_lint(scene, draft)) == {"bcc-used", "conduct-cc"}


def test_measure_that_cannot_wait_is_told_before_the_answer_but_no_final_decision(scene: Scene) -> None:
    sam = "Sam Stone <sam@example.net>"
    draft = _draft(scene, DECISION, to=sam).replace("Bcc: lea@example.com\n", "").replace("Re: A question", "Your talk")
    final = draft.replace(DECISION, FINAL)
    assert _rules(_lint(scene, draft)) == {"right-of-reply"}

    _lint(scene, draft, "--safety", "--reason", "He waits for the speakers at the door.").done()

    assert _lint(scene, draft, who="Noor").status == 0
    assert _rules(_lint(scene, final, "--safety", "--reason", "So that it is over.")) == {"right-of-reply"}
    assert "conduct consent reply" in _lint(scene, draft, "--allow", "right-of-reply", *REASON).done(1).err
    assert "lint-safety" in _acts(scene)


def test_without_a_store_nothing_is_recorded_and_that_is_said(scene: Scene, tmp_path: Path) -> None:
    context = tmp_path / "context.json"
    context.write_text(f'{{"conduct": ["{CONDUCT}"], "identities": ["{scene.members[0].address}"]}}')
    options = ("--context", str(context), "--recipients", "lea@example.com")
    answer = _lint(scene, _draft(scene), *options, "--allow", "bcc-used", *REASON)

    assert "Nothing of --allow is recorded" in answer.done().err
    assert _lint(scene, _draft(scene), *options).status == 1
    assert "put on record" in _lint(scene, _draft(scene), *options, "--safety", *REASON).done(2).err


def _acts(scene: Scene) -> list[str]:
    return [entry["act"] for entry in scene.conduct("audit", "list", "--json").done().json["entries"]]
