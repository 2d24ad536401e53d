"""Rules on the committee's own copy: the mailbox in To or Cc, answers to mail it never got, forwards without thread.

communications.md: all mail of the committee goes through, or in copy to, the one mailbox.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.lint.change import Change, has_attached_mail, has_forward_block
from policies.lint.checked import Checked, Via
from policies.lint.findings import cut, found
from policies.lint.verdict import Finding

_NEAR: Final = 2
_LONGEST: Final = 254  # RFC 5321 4.5.3.1.3


def check_copy(checked: Checked) -> Iterator[Finding]:
    """Every finding of this family."""
    yield from _check_cc(checked)
    baseline = checked.baseline
    if baseline is not None and baseline.via is Via.MEMBER and not _hands_in(checked):
        message = (
            f"The mail you answer never reached {checked.context.conduct[0]}; forward it there as an attachment first."
        )
        place = "In-Reply-To" if checked.draft.in_reply_to else "References"
        yield found("conduct-dropped", f"<{cut(baseline.draft.message_id)}>", place, message)
    yield from _check_forward(checked)


def _check_cc(checked: Checked) -> Iterator[Finding]:
    visible = checked.draft.mailboxes("To", "Cc")
    if any(checked.directory.is_conduct(each.address) for each in visible):
        return
    conduct = checked.context.conduct[0]
    near = next((each.address for each in visible if _is_near(each.address, checked.context.mailbox)), "")
    hidden = [each for each in checked.recipients if each.field == "Bcc"]
    if near:
        end = f"; did you mean {conduct} for {near}?"
    elif any(checked.directory.is_conduct(each.address) for each in hidden):
        end = " (it is only in Bcc)."
    else:
        end = "."
    yield found("conduct-cc", near or conduct, "Cc", f"{conduct} must be in Cc{end}", fixable=True)


def _hands_in(checked: Checked) -> bool:
    """Whether the draft is the very forward to the mailbox that is missing."""
    return not checked.others_than_committee() and Change(checked).is_first


def _check_forward(checked: Checked) -> Iterator[Finding]:
    if checked.others_than_committee() or not checked.recipients or has_attached_mail(checked.draft):
        return
    ids = (*checked.draft.in_reply_to, *checked.draft.references)
    if any(checked.stored_with(one) for one in ids):
        return
    if checked.says_forward or (not checked.says_reply and has_forward_block(checked)):
        message = "Forward it as an attachment, so that it lands in its thread."
        yield found("forward-unthreaded", cut(checked.draft.subject), "Subject", message)


def _is_near(address: str, mailbox: tuple[str, ...]) -> bool:
    written = address.casefold()
    if len(written) > _LONGEST:
        return False
    return any(0 < _distance(written, each.casefold()) <= _NEAR for each in mailbox)


def _distance(first: str, second: str) -> int:
    """How many letters must be put in, left out, changed or swapped with their neighbour."""
    if abs(len(first) - len(second)) > _NEAR:
        return _NEAR + 1
    before: list[int] = []
    above = list(range(len(second) + 1))
    for row, letter in enumerate(first, start=1):
        here = [row]
        for column, other in enumerate(second, start=1):
            best = min(above[column] + 1, here[-1] + 1, above[column - 1] + (letter != other))
            swapped = column > 1 and row > 1 and letter == second[column - 2] and first[row - 2] == other
            here.append(min(best, before[column - 2] + 1) if swapped else best)
        before, above = above, here
    return above[-1]
