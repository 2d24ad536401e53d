"""The errors that a person can meet, one tree, one exit status a branch.

    ConductError
    ├── Refused          1  the answer is no: a gate is not met, an act is not allowed
    ├── WrongUsage       2  usage or configuration: options, dates, code names, policy, file modes
    ├── UnreadableInput  3  what was handed in cannot be read
    ├── Unavailable      4  store, mailbox or key cannot be used, so the answer is unknown
    └── LockedElsewhere  5  another process holds the lock

Everything else that is raised is a fault of ours.  No error carries personal data: sentences name cases
by code name, members by the name they use on the roster, mails by their id, and nothing that came by mail.
"""

from __future__ import annotations

from typing import ClassVar


class ConductError(Exception):
    """A mishap with a stable code, a sentence for a person, and what to do now.

    ``code`` is for scripts and tests (``wrong-passphrase``), ``sentence`` says what happened while doing what,
    ``hint`` says what to do; it is empty where nothing can be done.
    """

    exit_status: ClassVar[int] = 70

    def __init__(self, code: str, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.hint = hint

    def __str__(self) -> str:
        """Sentence and hint, as they are shown."""
        return f"{self.sentence} {self.hint}".rstrip()


class Refused(ConductError):
    """The answer is no; raised when an act is understood but not allowed, or waits for somebody else."""

    exit_status = 1


class WrongUsage(ConductError):
    """Raised when options, configuration, policy, dates, code names or file modes are not usable."""

    exit_status = 2


class UnreadableInput(ConductError):
    """Raised when a file or stream that was handed in cannot be read as what it should be."""

    exit_status = 3


class Unavailable(ConductError):
    """Raised when the store, the mailbox or a key cannot be used; trying again later may help."""

    exit_status = 4


class LockedElsewhere(ConductError):
    """Raised when another process holds the lock; the sentence says which."""

    exit_status = 5
