"""What must hold whatever befell a poll: each mail stored once, bit for bit, the stores sound, the chain whole."""

from __future__ import annotations

from records import checking, places
from tests.scenes import Scene


def assert_all_stored_once(scene: Scene) -> None:
    """Every distinct mail of the mailbox is stored exactly once, as IMAP gives it, and nothing else is."""
    assert scene.exported() == dict.fromkeys(scene.in_mailbox(), 1)
    with scene.opened() as store:
        assert store.check() == []
        with store.reading() as transaction:
            assert places.attempts(transaction) == {}
            assert checking.check(transaction) == []


def assert_recovers(scene: Scene) -> None:
    """The next poll takes in what is missing, and the one after it finds nothing new."""
    scene.poll()
    again = scene.poll()

    assert (again["fetched"], again["stored"]) == (0, 0)
    assert_all_stored_once(scene)
