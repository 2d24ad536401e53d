"""From the mailbox to the expunged record with both stores on PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.scenes import Post, Scene, mail_from
from tests.servers.postgres import Postgres
from tests.story import EVERY_PART, REPORTER, Story, at

pytestmark = pytest.mark.postgres
NOOR = "Noor Haddad"


def test_the_whole_story_on_postgresql(tmp_path: Path, pymap_account: Post, postgres_server: Postgres) -> None:
    urls = {"content_url": postgres_server.create(), "keys_url": postgres_server.create()}
    story = Story(Scene.found(tmp_path, pymap_account, names=["Priya Raman", NOOR], values={"store": urls}))
    first = story.record("2025-01-08", words=["summary=Loud words \x01.", "general_note=Words in a chat."])
    story.close(first, "resolved", "2025-01-10")
    second = story.record("2025-12-01", words=["--same-person"], who=NOOR)
    assert story.held("2026-03-10", first) == EVERY_PART
    story.close(second, "no-violation", "2026-03-01", who=NOOR)
    story.scene.deliver(mail_from(REPORTER, "nul", "a\x00b\n"), at("2026-03-05"))
    assert story.scene.poll(on="2026-03-05")["stored"] == 1
    assert story.scene.exported() == story.scene.in_mailbox()
    (draft,) = [name for name, each in story.cases("2026-03-05").items() if each["status"] == "draft"]
    story.do("case", "dismiss", draft, "--reason", "empty", on="2026-03-05")

    answer = story.do("retain", "apply", "--yes", "--json", on="2026-04-10", status=1).json

    assert {item["case"] for item in answer["done"]} == {first, second}
    assert len(answer["waiting"]) == 2
    assert any("write-ahead log" in sentence for sentence in answer["residue"])
    story.do("retain", "apply", "--yes", on="2026-04-10", who=NOOR)
    assert story.scene.in_mailbox() == {}
    assert {each["status"] for each in story.cases("2026-04-10").values()} == {"expunged"}
    story.do("audit", "verify", on="2026-04-10")
    assert rows(urls["keys_url"], "SELECT count(*) FROM grants") == 0
    assert rows(urls["content_url"], "SELECT count(*) FROM parts") == 0
    assert list(story.scene.home.root.glob("*.db")) == []


def rows(url: str, query: str) -> int:
    """What the database itself says."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        found = int(connection.execute(sa.text(query)).scalar_one())
    engine.dispose()
    return found
