"""The context file: what it may say, and that whatever else it says is named with its place."""

from __future__ import annotations

from typing import Any

import pytest

from policies.errors import WrongUsage
from policies.lint.context import MESSAGE_BYTES, Stage
from policies.lint.context_file import parse_context

LEAST: dict[str, Any] = {"conduct": ["care@club.example.org"]}
CASE: dict[str, Any] = {"code": "silver lantern"}
CONSENT: dict[str, Any] = {"person": "a@x.org", "to": "*", "scope": "identity", "message_id": "<m@x.org>"}


def test_defaults() -> None:
    context = parse_context({**LEAST, "case": CASE})

    assert (context.message_bytes, context.identities) == (MESSAGE_BYTES, context.conduct)
    assert context.case is not None
    assert (context.case.stage, context.case.reports, context.case.right_of_reply) == (Stage.INVESTIGATING, 1, None)


def _case(**values: object) -> dict[str, Any]:
    return {**LEAST, "case": {**CASE, **values}}


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ([], "must be an object"),
        ({}, "conduct: is missing"),
        ({"conduct": []}, "conduct: must not be empty"),
        ({"conduct": ["Care <care@club.example.org>"]}, "conduct[0]: must be a bare address"),
        ({**LEAST, "stage": 1}, "stage: unknown key"),
        ({**LEAST, "members": [{"name": "A"}]}, "members[0].addresses: is missing"),
        ({**LEAST, "members": [{"name": "A", "addresses": []}]}, "members[0].addresses: must not be empty"),
        (
            {**LEAST, "members": [{"name": n, "addresses": [a]} for n, a in (("A", "a@x.org"), ("B", "A+b@x.org"))]},
            "members[1].addresses[0]: is also an address of members[0]",
        ),
        ({**LEAST, "groups": [{"name": "B", "address": "b@x.org", "role": "club"}]}, "groups[0].role: must be one of"),
        ({**LEAST, "limits": {"message_bytes": 0}}, "limits.message_bytes: must be 1 or more"),
        ({**LEAST, "limits": {"message_bytes": True}}, "limits.message_bytes: must be a whole number"),
        (_case(subjects=[{"name": "R", "statsu": None}]), "case.subjects[0].statsu: unknown key"),
        (_case(reporters=[{"name": "R", "status": None}]), "case.reporters[0].status: unknown key"),
        (_case(right_of_reply="2026-2-3"), "case.right_of_reply: must be a date"),
        (_case(right_of_reply="2026-02-30"), "case.right_of_reply: must be a date"),
        (_case(stage="open"), "case.stage: must be one of"),
        (_case(reports=-1), "case.reports: must be 0 or more"),
        (_case(code=None), "case.code: must be a string"),
        (_case(consents=[{**CONSENT, "scope": "all"}]), "case.consents[0].scope: must be one of"),
        (_case(consents=[{**CONSENT, "to": "board"}]), 'case.consents[0].to: must be "*" or a list'),
        (_case(consents=[{**CONSENT, "message_id": "m@x.org"}]), "case.consents[0].message_id: must be a Message-ID"),
        (_case(recused="a@x.org"), "case.recused: must be a list"),
    ],
)
def test_place_of_what_is_wrong(value: object, place: str) -> None:
    with pytest.raises(WrongUsage) as caught:
        parse_context(value)

    assert place in caught.value.sentence


def test_permissions() -> None:
    context = parse_context(_case(consents=[{**CONSENT, "to": ["board", "b@x.org"], "scope": ["identity", "content"]}]))

    assert context.case is not None
    (consent,) = context.case.consents
    assert (consent.to, consent.message_id) == (("board", "b@x.org"), "m@x.org")
    assert sorted(consent.scope) == ["content", "identity"]
