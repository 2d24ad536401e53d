"""What an expunge cannot reach, named: nothing that is still somewhere is passed over in silence."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from policies.community import Policy
from policies.retention.items import PlanItem
from policies.retention.terms import days_after


class ResidueKind(StrEnum):
    """Where something may be left; ``templates/expunge-report`` has the sentence for each."""

    OWN_INBOXES = "own-inboxes"  # members' own mailboxes, to which conduct@ forwards
    GROUP_ARCHIVES = "group-archives"  # the archive of a mailing list or group behind conduct@
    PROVIDER_BIN = "provider-bin"  # a bin or "All Mail" that keeps a mail after an expunge
    BACKUPS = "backups"  # backups of the keys, until a day
    STORE_FILES = "store-files"  # files of the store that a reader kept from being cleaned
    MAILBOX_COPIES = "mailbox-copies"  # copies on the mail server that could not be expunged now


@dataclasses.dataclass(frozen=True, slots=True)
class Residue:
    """One place where something may be left, and the day after which it is not (None: nobody here can say)."""

    kind: ResidueKind
    until: date | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Failure:
    """An item that could not be expunged now; ``because`` is the sentence of the error, without personal data."""

    item: PlanItem
    because: str


def standing_residue(done: Iterable[PlanItem], on: date, policy: Policy) -> tuple[Residue, ...]:
    """What is left after any expunge of these items on that day, however well it went."""
    parts = {item.part for item in done}
    found = []
    if parts & {"mail", "mailbox"}:
        found += [Residue(ResidueKind.OWN_INBOXES), Residue(ResidueKind.GROUP_ARCHIVES)]
    if "mailbox" in parts:
        found.append(Residue(ResidueKind.PROVIDER_BIN))
    if parts - {"mailbox"}:
        found.append(Residue(ResidueKind.BACKUPS, days_after(on, policy.backup_key_days)))
    return tuple(found)
