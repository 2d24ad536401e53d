"""Expunged is gone: keys, sealed bytes, names, and the copies in every folder of a real mailbox; and stays gone."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from policies.mail import MailId
from policies.roster import MemberId
from records import cases, mail, parts
from records.keyring import Keyring
from tests.scenes import Scene, mail_from
from tests.servers.account import Account
from tests.story import REPORTER, Story, at

DAY = "2026-03-10"
FOLDERS = ("INBOX", "Archive", "Sent")
_SEALED = {
    "content.db": ("blobs", "drafts", "parts"),
    "keys.db": ("grants", "wrapped"),
}


@pytest.fixture
def story(tmp_path: Path, imap_server: Account) -> Story:
    """A committee of two on each of the servers."""
    return Story(Scene.found(tmp_path, imap_server, names=["Priya Raman", "Noor Haddad"]))


def report(text: str = "He shouted.\n", message_id: str = "first@mail.example", sender: str = REPORTER) -> bytes:
    mail_of = mail_from(sender, "In the hall", text, headers={"Message-ID": f"<{message_id}>"})
    return bytes(mail_of).replace(b"\n", b"\r\n")


def closed(story: Story, content: bytes = b"") -> str:
    """A record that is due on DAY."""
    story.scene.deliver(content or report(), at("2025-01-08"))
    story.scene.poll(on="2025-01-08")
    case = next(name for name, each in story.cases("2025-01-08").items() if each["status"] == "draft")
    story.do("case", "accept", case, "--subject", "Bo Rook <@borook>", "summary=Loud words.", on="2025-01-09")
    story.close(case, "resolved", "2025-01-10")
    return case


def mailbox(story: Story) -> dict[str, list[str]]:
    """What lies in which folder, seen over a fresh connection past the program."""
    account = story.scene.account
    assert isinstance(account, Account)
    client = account.member()
    names = [name for _, _, name in client.list_folders()]
    client.logout()
    return {name: [hashlib.sha256(one).hexdigest()[:8] for one in account.contents(name)] for name in names}


def sealed(story: Story) -> dict[tuple[str, str, int], bytes]:
    """Every sealed value of the home, by table and row."""
    found: dict[tuple[str, str, int], bytes] = {}
    for file, tables in _SEALED.items():
        with closing(sqlite3.connect(f"file:{story.scene.home.root / file}?mode=ro", uri=True)) as store:
            for table in tables:
                rows = store.execute(f"SELECT rowid, sealed FROM {table}").fetchall()  # noqa: S608  fixed names
                found |= {(table, file, row): bytes(value) for row, value in rows}
    return found


def windows(value: bytes) -> list[bytes]:
    """Beginning, middle and end of a sealed value, each long enough to stand nowhere by chance."""
    starts = {8, len(value) // 2, len(value) - 40}
    return [value[start : start + 32] for start in starts if start >= 0]


def test_nothing_that_was_destroyed_is_left_in_any_file_or_can_be_opened(story: Story) -> None:
    keep = story.record("2025-01-07", "Cyd <@cyd>", sender="Dee Vance <dee@mail.example>")
    case = closed(story, report("He shouted.\n" * 2000))
    (stored,) = [each for each in story.scene.listed() if each["case"] == case]
    before = sealed(story)

    story.do("retain", "apply", "--yes", on=DAY)

    after = set(sealed(story).values())
    destroyed = [value for value in before.values() if value not in after]
    assert len(destroyed) >= 12
    files = {path: path.read_bytes() for path in story.scene.home.root.rglob("*") if path.is_file()}
    pieces = [piece for value in destroyed for piece in windows(value)]
    left = [path.name for path, content in files.items() if any(piece in content for piece in pieces)]
    assert left == []
    assert story.cases(DAY)[keep]["status"] == "open"
    assert not opened_by_anybody(story, case, stored["id"])


def opened_by_anybody(story: Story, case: str, mail_id: str) -> list[str]:
    """What any identity, the recovery identity included, can still open of a case."""
    rings = [Keyring(each.keyring.member, each.keyring.identity) for each in story.scene.members]
    rings.append(Keyring(MemberId("recovery"), story.scene.recovery))
    with story.scene.looking() as transaction:
        found = cases.find(transaction, case)
        objects = [mail.object_id(MailId(mail_id)), parts.case_object(found.id), parts.account_object(found.id)]
        objects += [parts.reporter_object(found.id)]
        objects += [parts.subject_object(row.id) for row in cases.rows_of(transaction, found.id)]
        return [name for ring in rings for name in objects if ring.key_or_none(transaction, name) is not None]


def test_what_stays_is_general(story: Story) -> None:
    case = closed(story)
    story.do("retain", "apply", "--yes", on=DAY)

    shown = story.do("case", "show", case, "--json", on=DAY).json
    values = {name: field["value"] for name, field in shown["fields"].items() if field["value"] is not None}
    assert values == {
        "date_of_first_report": "2025-01-01", "space": "chat", "category": "insult", "region": "online",
        "banned_or_flagged": "none",
    }  # fmt: skip
    assert shown["subjects"][0]["names"] == []
    assert shown["retention"] == []
    listed = story.cases(DAY)[case]
    assert (listed["status"], listed["outcome"], listed["handler"]) == ("expunged", "resolved", None)
    story.do("audit", "verify", on=DAY)


def test_every_copy_in_every_folder_goes_and_another_mail_of_that_id_stays(story: Story) -> None:
    closed(story)
    scene = story.scene
    other = report("Quite another text.\n")
    copy = report().replace(b"From:", b"Received: from here by there\r\nFrom:", 1)
    for content, folder in ((report(), "Archive"), (copy, "Archive"), (report(), "Sent"), (other, "Archive")):
        scene.deliver(content, at("2025-02-01"), folder)
    stays = hashlib.sha256(scene.account.contents("Archive")[-1]).hexdigest()[:8]  # type: ignore[union-attr]

    answer = story.do("retain", "apply", "--yes", "--json", on=DAY).json

    assert {name: mails for name, mails in mailbox(story).items() if mails} == {"Archive": [stays]}
    assert answer["mailbox_gone"] == 1
    assert answer["failed"] == []


def test_a_mail_that_was_moved_is_found_where_it_lies_now(story: Story) -> None:
    closed(story)
    account = story.scene.account
    assert isinstance(account, Account)
    client = account.member()
    client.create_folder("Cases")
    client.select_folder("INBOX")
    client.copy(client.search("ALL"), "Cases")
    client.delete_messages(client.search("ALL"))
    client.expunge()
    client.logout()

    story.do("retain", "apply", "--yes", on=DAY)

    assert not any(mailbox(story).values())


def test_what_was_destroyed_is_not_taken_in_again_and_goes_again(story: Story) -> None:
    closed(story)
    story.do("retain", "apply", "--yes", on=DAY)
    again = report().replace(b"From:", b"Received: from elsewhere\r\nFrom:", 1)
    for content in (report(), again):
        story.scene.deliver(content, at("2026-03-12"))

        counts = story.scene.poll(on="2026-03-12")

        assert (counts["stored"], counts["known"], counts["mailbox_expunged"]) == (0, 1, 1)
        assert not any(mailbox(story).values())
    assert story.scene.listed() == []


def test_new_numbers_in_the_mailbox_bring_nothing_back(story: Story) -> None:
    closed(story)
    story.do("retain", "apply", "--yes", on=DAY)
    story.scene.deliver(report("Something else.\n", "other@mail.example"), at("2026-03-11"))
    story.scene.poll(on="2026-03-11")
    account = story.scene.account
    assert isinstance(account, Account)
    account.administrator.renumber(account.user, "INBOX")
    story.scene.deliver(report(), at("2026-03-12"))

    counts = story.scene.poll(on="2026-03-12")

    assert (counts["stored"], counts["known"], counts["mailbox_expunged"]) == (0, 2, 1)
    assert len(story.scene.listed()) == len(mailbox(story)["INBOX"]) == 1


# --- what cannot be done today


def elsewhere(story: Story, port: int) -> None:
    """The mail server listens on another port now."""
    file = story.scene.home.settings_file
    lines = [f"port = {port}" if line.startswith("port = ") else line for line in file.read_text().splitlines()]
    file.write_text("\n".join(lines) + "\n")


def test_with_the_server_down_the_records_go_and_the_mailbox_follows(story: Story) -> None:
    case = closed(story)
    account = story.scene.account
    assert isinstance(account, Account)
    elsewhere(story, 9)

    failed = story.do("retain", "apply", "--yes", "--json", on=DAY, status=4).json

    assert len(failed["failed"]) == 1
    assert {item["part"] for item in failed["done"]} == {"reporter", "subject", "account", "mail"}
    assert story.cases(DAY)[case]["status"] == "expunged"
    assert story.due(DAY) == {"mailbox"}
    story.do("retain", "apply", "--yes", on=DAY, who="Noor", status=4)
    elsewhere(story, account.port)
    assert story.scene.poll(on="2026-03-11")["mailbox_expunged"] == 1
    assert not any(mailbox(story).values())
    assert story.plan(DAY) == []


def test_a_folder_that_may_only_be_read_is_named_and_tried_again(story: Story) -> None:
    closed(story)
    account = story.scene.account
    assert isinstance(account, Account)
    story.scene.deliver(report(), at("2025-02-01"), "Archive")
    account.administrator.make_read_only(account.user, "Archive")

    failed = story.do("retain", "apply", "--yes", "--json", on=DAY, status=4).json

    assert any("Archive" in sentence and "read-only" in sentence for sentence in failed["failed"])
    assert {name: len(mails) for name, mails in mailbox(story).items() if mails} == {"Archive": 1}
    story.do("retain", "apply", "--yes", on="2026-03-11", status=4)
    assert "Archive" not in story.do("audit", "list", "--json", on=DAY).out


def test_another_users_apply_leaves_the_mailbox_to_the_next_poll(story: Story) -> None:
    case = closed(story)
    keys = story.scene.home.server_keys
    hidden = keys.rename(keys.with_name("away"))

    told = story.do("retain", "apply", "--yes", "--json", on=DAY).json

    assert {item["part"] for item in told["done"]} == {"reporter", "subject", "account", "mail"}
    assert any("next poll" in sentence for sentence in told["residue"])
    assert (story.cases(DAY)[case]["status"], len(mailbox(story)["INBOX"])) == ("expunged", 1)
    hidden.rename(keys)
    assert story.scene.poll(on=DAY)["mailbox_expunged"] == 1
    assert mailbox(story)["INBOX"] == []
