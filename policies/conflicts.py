"""Whether somebody named as a subject is a member: then the case is not hers to read."""

from __future__ import annotations

from policies.addresses import canonical
from policies.case import Subject
from policies.folding import forms, words
from policies.roster import Member


def is_named(member: Member, subject: Subject) -> bool:
    """Whether a subject is this member: the same address, the same account, or the same full name in either order.

    >>> is_named(Member("p1", "Ann Lee", ("a@example.org",)), Subject(names=("Lee, Ann",)))
    True
    """
    addresses = {canonical(address) for address in member.addresses}
    if addresses & {canonical(address) for address in subject.addresses}:
        return True
    accounts = {_account(handle) for handle in member.handles} - {""}
    if accounts & {_account(handle) for handle in subject.handles}:
        return True
    names = _names(member.name)
    return any(names & _names(name) for name in subject.names)


def _account(handle: str) -> str:
    return handle.strip().lstrip("@").casefold()


def _names(name: str) -> set[tuple[str, ...]]:
    # One word alone fits too many people.
    found = {tuple(sorted(words(form.replace(",", " ")))) for form in forms(name)}
    return {each for each in found if len(each) > 1}
