"""The form in which a rule is explained, and the sentences that the rules serve."""

from __future__ import annotations

from typing import Final

from policies.values import value

# communications.md of Django's Code of Conduct documents, by heading, in the words that the rules go by.
NOTES: Final = 'communications.md, "Protect reporters": changed recipients are noted "at the top of the email".'
PROTECT: Final = 'communications.md, "Protect reporters": "Protecting reporters is our first priority."'
FORWARD: Final = (
    'communications.md, "Protect reporters": "Never forward communication or disclose identities of reporters" without'
    ' "the express written permission of the person concerned".'
)
COPY: Final = 'communications.md, "Communicate professionally": "Always cc" the mailbox, or forward what went past it.'
FACTS: Final = (
    'communications.md, "Communicate professionally": no "subjective or emotional language", "observed facts".'
)
REPLY: Final = 'communications.md, "Confronting subjects of reports": "right of reply" before the decision is final.'
DETAILS: Final = 'communications.md, "Confronting subjects": a hearing "doesn\'t mean we have to disclose details".'
INFORM: Final = (
    'communications.md, "Sharing information about subjects": "providing information, not directing action".'
)
CORROBORATE: Final = (
    'communications.md, "Sharing information about subjects": "multiple corroboration of any complaint".'
)
WRITTEN: Final = 'communications.md, "Sharing information about subjects": what we tell "needs to be written down".'
LEGAL: Final = (
    'communications.md, "Sharing information about subjects": "In serious cases we should seek legal advice."'
)
TOLD: Final = 'records.md: conferences hear of who is flagged or banned; to tell them of others "would be excessive".'
RECUSAL: Final = (
    "The committee's manual: who has a conflict of interest takes no part in the case and gets none of its mail."
)
PLAIN: Final = (
    "No sentence of the policy: a mail must be readable, complete and from whom it says, or no other rule holds."
)


@value
class Explained:
    """A rule in words.  ``fires`` and ``silent`` are examples; ``mend`` is what to do."""

    rule: str
    demands: str
    serves: str
    fires: tuple[str, ...]
    silent: tuple[str, ...]
    mend: str
