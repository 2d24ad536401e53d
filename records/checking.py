"""Whether the audit chain, the roster and the notes of both agree: everything that ``conduct audit verify`` says.

The chain is hashed, signed and anchored (``records.audit``); its first entry names the founder's key, the recovery
identity and the server's key; its later ones say who joined and who left.  So a changed, removed, swapped or added
row is found here, and a cut tail by the anchor or by a pin.

Not found: a tail cut together with an older anchor, by anybody who keeps no pin of that time; and a whole home
founded anew under the same names, by somebody without any pin, for nothing of the old one is left to compare with.
The pins lie beside the members' identities for that reason, away from the server where they work elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from policies.errors import ConductError
from records import audit, joining, members
from records.audit import Entry, Pin
from records.founding import FOUND
from records.store import Transaction


def check(transaction: Transaction, pins: Sequence[Pin] = ()) -> list[str]:
    """What is wrong, as sentences; empty when all is whole.  ``pins`` are ends of the chain seen earlier."""
    problems: list[str] = []
    try:
        public_keys = members.signing_keys(transaction)
    except ConductError as error:
        problems.append(error.sentence)
        public_keys = None
    found = audit.verify(transaction, public_keys, pins)
    problems += found
    if public_keys is not None and not found:
        problems += _disagreements(transaction, audit.entries(transaction))
    return problems


def _disagreements(transaction: Transaction, chain: Sequence[Entry]) -> list[str]:
    """Where the roster is not what the chain says it became."""
    if not chain or chain[0].act != FOUND:
        return ["The chain does not begin with the founding of the committee."]
    problems = []
    first = chain[0].details
    if first.get("recovery") != members.recovery(transaction).fingerprint.hex():
        problems.append("The recovery identity is not the one of the founding.")
    if first.get("server") != members.server_sign_key(transaction).hex():
        problems.append("The server's signing key is not the one of the founding.")
    problems += _acts_of_the_departed(chain)
    keys, present = _as_told(chain)
    enrolled = members.load(transaction)
    if {each.member.id: each.public.fingerprint.hex() for each in enrolled} != keys:
        problems.append("The roster holds other members, or other keys, than the chain tells of.")
    if {str(each.member.id) for each in enrolled if each.member.is_present} != present:
        problems.append("The members present are not those whom the chain tells of.")
    return problems


def _acts_of_the_departed(chain: Sequence[Entry]) -> list[str]:
    """Acts signed by somebody who had left by then: her key still signs, but her word no longer counts."""
    problems = []
    for number, entry in enumerate(chain):
        _, present = (
            _as_told(chain[:number]) if entry.act in {joining.ADD, joining.REMOVE, joining.REPLACE} else ({}, set())
        )
        if present and entry.actor not in {*present, members.SERVER, members.RECOVERY}:
            problems.append(f"Entry {entry.number} about the roster is by somebody who was no member then.")
    return problems


def _as_told(chain: Sequence[Entry]) -> tuple[dict[str, object], set[str]]:
    """Every member's key by id, and who is present, as the chain's entries leave it."""
    keys: dict[str, object] = {}
    present: set[str] = set()
    for entry in chain:
        if entry.act in {FOUND, joining.ADD, joining.REPLACE}:
            keys[entry.about] = entry.details.get("key")
            present.add(entry.about)
        if entry.act == joining.REMOVE:
            present.discard(entry.about)
        if entry.act == joining.REPLACE:
            present.discard(str(entry.details.get("replaced")))
    return keys, present
