"""The rules on the committee's copy, explained."""

from __future__ import annotations

from typing import Final

from policies.lint.explained.words import COPY, Explained

RULES: Final = (
    Explained(
        "conduct-cc",
        "The mailbox, under any of its addresses, is in To or Cc of every mail.",
        COPY,
        (
            "It is nowhere, or only in Bcc.",
            "Its address is misspelt.",
            "It is only the display name of another address.",
        ),
        ("It is in To.", "An alias, with a tag, or in capitals."),
        "Add it to Cc; --fix does.",
    ),
    Explained(
        "conduct-dropped",
        "What is answered reached the mailbox first.",
        COPY,
        ("An answer to a mail that only one member got.",),
        ("That mail was handed in meanwhile.",),
        "Forward it to the mailbox as an attachment, then answer.",
    ),
    Explained(
        "forward-unthreaded",
        "What is handed in keeps its thread.",
        COPY,
        ('"Fwd:" to the committee with the mail pasted into the text.',),
        ("The mail attached as a mail.", "A forward whose References name a known mail."),
        "Forward as an attachment.",
    ),
)
