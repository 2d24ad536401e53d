"""The families of rules that look at people and words together; what both need is read once."""

from __future__ import annotations

from collections.abc import Iterator

from policies.lint.attached import read_attached
from policies.lint.checked import Checked
from policies.lint.details import detail_findings
from policies.lint.identities import identity_findings
from policies.lint.mentions import Mentions
from policies.lint.passing_on import PassingOn
from policies.lint.verdict import Finding
from policies.lint.wording_rules import wording_findings


def check_protection(checked: Checked) -> Iterator[Finding]:
    """Who is named to whom, what is passed on, and in which words."""
    # Within the committee everybody may be named and everything shown.
    files = read_attached(checked.draft) if checked.case is not None and checked.outside else ()
    mentions = Mentions(checked, files)
    if checked.case is not None:
        yield from identity_findings(mentions)
    if checked.case is not None and checked.outside:
        passing_on = PassingOn(checked, files)
        yield from passing_on.findings()
        yield from detail_findings(mentions, passing_on.store)
    yield from wording_findings(mentions, checked.settings.wording)
