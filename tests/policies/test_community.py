"""A policy file is read exactly or refused with the key's name."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

import pytest

from policies.case import Outcome
from policies.community import Clock, Recovery, Term, overlay, parse_policy, policy_digest
from policies.errors import WrongUsage

COMMUNITIES = Path(__file__).parents[2] / "policies" / "communities"


def loaded(name: str = "django") -> dict[str, Any]:
    """A shipped policy file as tomllib gives it."""
    return tomllib.loads((COMMUNITIES / f"{name}.toml").read_text(encoding="utf-8"))


def changed(path: str, value: object) -> dict[str, Any]:
    """The Django policy with one dotted key set."""
    policy = copy.deepcopy(loaded())
    table = policy
    *above, last = path.split(".")
    for key in above:
        table = table[key]
    table[last] = value
    return policy


def test_the_django_file_states_the_policys_terms() -> None:
    policy = parse_policy(loaded())

    assert {outcome.value: (term.reporter, term.rest) for outcome, term in policy.terms.items()} == {
        "no-violation": (0, 0),
        "unidentified": (6, None),
        "resolved": (14, 14),
        "flagged": (26, 26),
        "banned": (26, 26),
    }
    assert (policy.name, policy.clock, policy.extension, policy.extends) == ("Django", "decided", "align", "record")
    assert (policy.grace_days, policy.unattended, policy.recovery) == (0, False, Recovery.ALL)


@pytest.mark.parametrize("path", sorted(COMMUNITIES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_shipped_policy_is_accepted(path: Path) -> None:
    assert parse_policy(loaded(path.stem)).name


REFUSED = [
    ("retention.clok", "decided", "retention.clok: unknown key; did you mean clock?"),
    ("retension", {}, "retension: unknown key; did you mean retention?"),
    ("retention.terms.resolvd", 1, "retention.terms.resolvd: unknown key; did you mean resolved?"),
    ("retention.clock", "incident", 'retention.clock: must be "decided" or "reported".'),
    ("retention.clock", ["decided"], "retention.clock: must be"),
    ("retention.extension", "sum", "retention.extension: must be"),
    ("retention.grace_days", -1, "retention.grace_days: must be a whole number"),
    ("retention.grace_days", True, "retention.grace_days: must be a whole number"),
    ("retention.grace_days", 1.5, "retention.grace_days: must be a whole number"),
    ("retention.unattended", "yes", "retention.unattended: must be true or false."),
    ("retention.hold_days_alone", 0, "retention.hold_days_alone: must be"),
    ("retention.notice_days", [7, 30], "retention.notice_days: days must fall"),
    ("retention.notice_days", 7, "retention.notice_days: must be a list"),
    ("retention.terms", {}, "retention.terms: no term is given for no-violation, unidentified, resolved"),
    ("retention.terms", 14, "retention.terms: a table is needed here."),
    ("retention", "x", "retention: a table is needed here."),
    ("retention.terms.resolved", 0, "retention.terms.resolved: must be a whole number from 1"),
    ("retention.terms.resolved", "permanent", "retention.terms.resolved: must be"),
    ("retention.terms.flagged", {"reporter": 6, "rest": "permanent"}, "retention.terms.flagged: must be"),
    ("retention.terms.unidentified", {"reporter": 6}, 'retention.terms.unidentified.rest: must be "permanent", or'),
    ("retention.terms.unidentified", {"reporter": 6, "rest": 3}, "retention.terms.unidentified.rest: is shorter"),
    ("retention.terms.unidentified", {"reporter": 6, "res": 3}, "did you mean rest?"),
    ("recovery", "some", 'recovery: must be "all" or "records".'),
    ("name", "  ", "name: a policy needs the name"),
    ("name", 3, "name: a policy needs the name"),
]


@pytest.mark.parametrize(("key", "value", "sentence"), REFUSED)
def test_what_is_wrong_is_refused_by_key(key: str, value: object, sentence: str) -> None:
    with pytest.raises(WrongUsage) as refused:
        parse_policy(changed(key, value))

    assert sentence in refused.value.sentence
    assert refused.value.code == "bad-policy"


def test_a_policy_without_terms_is_refused() -> None:
    with pytest.raises(WrongUsage, match=r"retention\.terms: no term is given"):
        parse_policy({"name": "Somewhere"})


def test_a_term_of_its_own_for_unidentified_may_be_one_number() -> None:
    policy = parse_policy(changed("retention.terms.unidentified", 8))

    assert policy.terms[Outcome.UNIDENTIFIED] == Term(8, 8)


def test_the_configuration_is_laid_over_the_policy_and_each_key_knows_its_file() -> None:
    over = {"address": "conduct@example.org", "retention": {"clock": "reported", "terms": {"resolved": 12}}}
    merged, origin = overlay(loaded(), over, "django.toml", "conduct.toml")
    policy = parse_policy(merged, origin)

    assert policy.clock is Clock.REPORTED
    assert policy.terms[Outcome.RESOLVED] == Term(12, 12)
    assert policy.terms[Outcome.FLAGGED] == Term(26, 26)
    assert policy.set_in("retention.clock") == policy.set_in("retention.terms.resolved") == "conduct.toml"
    assert policy.set_in("retention.extension") == policy.set_in("retention.terms.flagged") == "django.toml"
    assert policy.set_in("retention.review_months") == "default"


def test_overlay_leaves_its_arguments_alone() -> None:
    base = loaded()
    overlay(base, {"retention": {"terms": {"resolved": 1}}}, "a", "b")

    assert base == loaded()


def test_a_wrong_value_says_which_file_set_it() -> None:
    merged, origin = overlay(loaded(), {"retention": {"clok": "x"}}, "django.toml", "conduct.toml")

    with pytest.raises(WrongUsage, match=r"retention\.clok in conduct\.toml: unknown key; did you mean clock\?"):
        parse_policy(merged, origin)


def test_an_overlay_that_is_no_table_is_refused() -> None:
    merged, origin = overlay(loaded(), {"retention": 3}, "django.toml", "conduct.toml")

    with pytest.raises(WrongUsage, match=r"retention in conduct\.toml: a table"):
        parse_policy(merged, origin)


def test_the_digest_follows_what_is_said_and_not_who_said_it() -> None:
    plain = parse_policy(loaded())
    same = parse_policy(*overlay(loaded(), {"retention": {"clock": "decided"}}, "a", "b"))
    other = parse_policy(changed("retention.terms.resolved", 15))

    assert policy_digest(plain) == policy_digest(same) != policy_digest(other)
    assert len(policy_digest(plain)) == 64
