"""The committee of the gate's tests, founded once a run and copied for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ingest.gate.desk import copied, founded
from tests.scenes import Scene
from tests.servers.account import Account, PymapAdministrator
from tests.servers.embedded import EmbeddedProcess
from tests.servers.sink import Sink


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory, pymap_server: EmbeddedProcess) -> Scene:
    """A committee with one case on record."""
    where = pymap_server.where
    pymap_server.command("user", "gate", where.password)
    account = Account("pymap", where.port, "gate", where.password, PymapAdministrator(pymap_server))
    return founded(tmp_path_factory.mktemp("gate"), account)


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A server that takes everything."""
    with Sink() as opened:
        yield opened


@pytest.fixture
def plain_scene(original: Scene, tmp_path: Path) -> Scene:
    """A copy of the committee, without a smarthost."""
    return copied(original, tmp_path)
