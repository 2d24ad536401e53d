"""Agents of a committee of three, without a mailbox."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ingest.agent.agents import Agents, agents
from tests.scenes import Scene


@pytest.fixture
def unlocking(tmp_path: Path) -> Iterator[Agents]:
    """Nobody's key is unlocked yet."""
    with agents(tmp_path, Scene.found(tmp_path)) as made:
        yield made
