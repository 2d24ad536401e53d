"""To which case a draft may belong, compared in memory on a machine where a member's key is unlocked."""

from __future__ import annotations

from policies.case import Status, Suggestion
from policies.threads import Known, suggest
from records import cases, mail, viewing
from records.keyring import Keyring
from records.store import Transaction
from records.viewing import CaseView


def may_belong_to(transaction: Transaction, acting: Keyring, found: CaseView) -> list[Suggestion]:
    """The cases that a draft's people, words or subject line point to; empty for what is no draft."""
    raise NotImplementedError
