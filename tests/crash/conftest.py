"""A committee with three members and mail in its mailbox; founded once, copied for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.mails import posted
from tests.scenes import Scene, copy_home
from tests.servers.account import Account


@pytest.fixture
def scene(tmp_path: Path, pymap_account: Account) -> Scene:
    """A committee with an empty mailbox on pymap."""
    return Scene.found(tmp_path, pymap_account)


@pytest.fixture
def dovecot_scene(tmp_path: Path, dovecot_account: Account) -> Scene:
    """A committee with an empty mailbox on Dovecot."""
    return Scene.found(tmp_path, dovecot_account)


@pytest.fixture(scope="module")
def crowded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A committee whose mailbox holds mail that nobody has polled; not to be changed, only copied."""
    server = request.getfixturevalue("pymap_server")
    account = Account("pymap", server.where.port, "crowded", server.where.password, None)  # type: ignore[arg-type]
    server.command("user", account.user, account.password)
    found = Scene.found(tmp_path_factory.mktemp("crowded"), account)
    for content, arrived in posted():
        found.deliver(content, arrived)
    return found


@pytest.fixture
def unpolled(crowded: Scene, tmp_path: Path) -> Scene:
    """A copy of ``crowded`` with a home of its own; the mailbox, which polls do not change, is shared."""
    return copy_home(crowded, tmp_path)
