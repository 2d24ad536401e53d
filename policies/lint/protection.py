"""The families of rules that look at people and words together; what both need is read once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policies.lint.attached import Attached, read_attached
from policies.lint.checked import Checked
from policies.lint.details import detail_findings
from policies.lint.identities import identity_findings
from policies.lint.mentions import LONGEST_TEXT, Mentions
from policies.lint.ngrams import MAX_WORDS
from policies.lint.own_words import LONGEST_OWN
from policies.lint.passing_on import PassingOn
from policies.lint.rules import severity_of
from policies.lint.stored_words import is_cut
from policies.lint.verdict import Finding
from policies.lint.wording_rules import wording_findings


def check_protection(checked: Checked) -> Iterator[Finding]:
    """Who is named to whom, what is passed on, and in which words."""
    # Within the committee everybody may be named and everything shown.
    files = read_attached(checked.draft) if checked.case is not None and checked.outside else ()
    mentions = Mentions(checked, files)
    yield from _unread(checked, files)
    if checked.case is not None:
        yield from identity_findings(mentions)
    if checked.case is not None and checked.outside:
        passing_on = PassingOn(checked, files)
        yield from passing_on.findings()
        yield from detail_findings(mentions, passing_on.store)
    yield from wording_findings(mentions, checked.settings.wording)


def _unread(checked: Checked, files: Sequence[Attached]) -> Iterator[Finding]:
    """What is too long or too closed to be read is said; it is never taken for clean."""
    for text in checked.texts if checked.outside else ():
        length = sum(len(line.text) + 1 for line in text.lines)
        if length > LONGEST_TEXT:
            message = f"The text is longer than {LONGEST_TEXT:,} characters; what comes after is not checked."
            yield Finding("mail-malformed", severity_of("mail-malformed"), f"text {text.index + 1}", "body", message)
        elif checked.case is not None and is_cut(text):
            message = f"The text has more than {MAX_WORDS:,} words; what comes after is not compared with earlier mail."
            yield Finding("mail-malformed", severity_of("mail-malformed"), f"text {text.index + 1}", "body", message)
        elif sum(len(line.text) + 1 for line in text.own) > LONGEST_OWN:
            message = f"The wording is checked in the first {LONGEST_OWN:,} characters only."
            yield Finding("opaque-body", severity_of("opaque-body"), f"text {text.index + 1}", "body", message)
    for file in files:
        if file.unreadable:
            message = f"{file.name} holds something that cannot be read here, so nobody knows whom it names."
            yield Finding("attachment-risky", severity_of("attachment-risky"), file.name, "attachment", message)
