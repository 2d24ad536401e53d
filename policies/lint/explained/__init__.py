"""Each rule of the check in words: what it demands, which sentence it serves, what fires and what does not."""

from __future__ import annotations

from policies.lint.explained import copies, identities, mechanics, recipients, wording
from policies.lint.explained.words import Explained

EXPLAINED: dict[str, Explained] = {
    each.rule: each for family in (recipients, copies, identities, wording, mechanics) for each in family.RULES
}
