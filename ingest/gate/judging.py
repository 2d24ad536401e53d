"""The one check behind every door: whose mail it is, what is known of it, the verdict, and what becomes of it."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from ingest import outgoing, wiring
from ingest.agent.client import keyring_for
from ingest.clock import Clock
from ingest.gate import whose
from ingest.gate.ruling import Judged, Ruling
from ingest.home import Home
from ingest.lint_files import PlainPlace, committee, lint_settings
from ingest.lint_report import report_lines
from ingest.looking import people_of, with_record, without_key
from policies.errors import ConductError
from policies.lint.checked import Checked, Settings
from policies.lint.draft import Draft
from policies.lint.redaction import redactor
from policies.lint.verdict import Outcome, Severity, Verdict
from policies.lint.wording import Entries
from records import cases, mail, members, refusals
from records.keyring import Keyring
from records.store import Store

if TYPE_CHECKING:
    from ingest.config import Settings as Configuration

Unlock = Callable[[Store], Keyring | None]
_A_MAIL: Final = "a mail"
_MOST_LINES: Final = 1000
_FOREIGN: Final = Judged(
    Ruling.REFUSED,
    errors=1,
    rules=("from-identity",),
    trouble="it is in the committee's name, but the sender of its envelope is no address of the committee's",
)


def by_agent(home: Home, files: Sequence[Path], environ: Mapping[str, str]) -> Unlock:
    """The key of the present member whose identity, the first of ``files``, the agent holds; asks nobody."""

    def unlock(store: Store) -> Keyring | None:
        return keyring_for(store, home, files, environ)

    return unlock


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class _Looked:
    """A verdict and what it was reached with."""

    checked: Checked
    verdict: Verdict
    has_key: bool
    cases: tuple[cases.Case, ...] = ()
    code_names: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Nothing of the mail."""
        return "_Looked(…)"


class Gate:
    """One committee's check of what leaves; used by one thread at a time.

    ``unlock`` gives the key of the member at work, anew for each mail, so that nothing outlives its lock, and None
    where it is locked; ``lying`` then reads the thread from the mailbox, where somebody may.  ``is_shared``: others
    than members send through this door as well, so the envelope's sender has to say that a member does.  The store is
    opened when the first mail needs it.
    """

    def __init__(  # what one committee has, and how its door stands
        self,
        home: Home,
        settings: Configuration,
        clock: Clock,
        unlock: Unlock,
        lying: outgoing.Lying | None = None,
        *,
        is_shared: bool = False,
    ) -> None:
        self._lying = lying
        self._is_shared = is_shared
        self._place = PlainPlace(home, settings)
        self._clock = clock
        self._unlock = unlock
        self._store: Store | None = None
        self._set: tuple[object, Settings] | None = None

    def __enter__(self) -> Self:
        """Nothing is opened yet."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Let go of the store."""
        if self._store is not None:
            self._store.close()
            self._store = None

    def judge(self, raw: bytes, recipients: Sequence[str], sender: str, *, keeps: bool = True) -> Judged:
        """What becomes of a mail; ``recipients`` and ``sender`` are the envelope's, empty where there is none.

        A mail that a ``sender`` or a header's From of ours does not claim is looked at by its header alone.
        ``keeps``: it leaves unless it is refused, and what was found then is kept under a code.  Never raises for what
        the mail is like: whatever keeps it from being checked is a ruling, too.
        """
        try:
            return self._judge(raw, recipients, sender, keeps=keeps)
        except ConductError as error:
            self.close()
            # Whatever is out of order here: a report is not held up.
            if whose.is_report(self._place, whose.heading_of(raw), recipients, sender):
                return Judged(Ruling.UNTOUCHED)
            return Judged(Ruling.UNCHECKED, trouble=error.sentence)

    def _judge(self, raw: bytes, recipients: Sequence[str], sender: str, *, keeps: bool) -> Judged:
        store = self._opened()
        keyring = self._unlock(store)
        settled = self._by_heading(store, keyring, whose.heading_of(raw), recipients, sender)
        if settled is not None:
            return settled
        looked = self._look(store, keyring, Draft(raw), recipients)
        judged = self._judged(looked, is_at_door=keeps)
        if keeps and judged.ruling is Ruling.REFUSED:
            try:
                return dataclasses.replace(judged, code=self._keep(store, keyring, looked, judged))
            except (
                ConductError
            ):  # what was found stands, also where it cannot be kept: the store is busy, the disk full
                self.close()
        return judged

    def _by_heading(
        self, store: Store, keyring: Keyring | None, heading: Draft, recipients: Sequence[str], sender: str
    ) -> Judged | None:
        """The ruling where it needs no look at what the mail says; None for what has to be checked."""
        is_claimed = whose.is_from_us(self._place, heading, sender)
        if is_claimed and not self._is_shared:
            return None
        with store.reading() as transaction:
            context = committee(self._place, [each.member for each in members.load(transaction)])
            if self._is_shared and not whose.is_our_sender(context, sender):
                # The same words whatever it says: who is no member must not learn what the rules find.
                return _FOREIGN if is_claimed else Judged(Ruling.UNTOUCHED)
            if is_claimed or whose.concerns_us(self._place, keyring, transaction, context, heading, recipients):
                return None
        return Judged(Ruling.UNTOUCHED)

    def _opened(self) -> Store:
        if self._store is None:
            self._store = wiring.open_store(self._place.home, self._place.settings)
        return self._store

    def _look(self, store: Store, keyring: Keyring | None, draft: Draft, recipients: Sequence[str]) -> _Looked:
        settings, today = self._settings(), self._clock.today()
        people = people_of(draft, recipients)
        if keyring is None:
            locked = outgoing.look_up_locked(self._place, store, draft, people, self._lying)
            checked, verdict = without_key(draft, locked, today, envelope=recipients, settings=settings)(draft.raw)
            return _Looked(checked, verdict, has_key=False, code_names=locked.code_names)
        with store.reading() as transaction:
            known = outgoing.look_up(self._place, keyring, transaction, draft, people, None)
        checked, verdict = with_record(draft, known, (), today, envelope=recipients, settings=settings)(draft.raw)
        found = tuple(each.case for each in known.candidates if each.case is not None)
        return _Looked(checked, verdict, True, found, tuple(each.code_name for each in found))

    def _settings(self) -> Settings:
        """lint.toml and the wording rules, read again when one of the files has changed."""
        folder = self._place.home.configuration
        state = tuple(_seen(file) for file in (folder / "lint.toml", *sorted((folder / "lint.d").glob("*.toml"))))
        if self._set is None or self._set[0] != state:
            found = lint_settings(self._place)
            self._set = (state, dataclasses.replace(found, wording=Entries(found.wording)))
        return self._set[1]

    def _judged(self, looked: _Looked, *, is_at_door: bool) -> Judged:
        verdict = looked.verdict
        errors = [each for each in verdict.findings if each.severity is Severity.ERROR]
        return Judged(
            ruling=self._ruling(looked),
            errors=len(errors),
            warnings=verdict.count(Severity.WARNING),
            mendable=sum(each.fixable for each in verdict.findings),
            rules=tuple(dict.fromkeys(each.rule for each in errors)),
            report=_shortened(tuple(_report(looked, is_at_door=is_at_door))),
            cases=looked.code_names,
            is_closed=looked.has_key and verdict.outcome is Outcome.UNCHECKED,
        )

    def _ruling(self, looked: _Looked) -> Ruling:
        if looked.verdict.outcome is Outcome.BLOCK:
            return Ruling.REFUSED
        if looked.verdict.outcome is Outcome.UNCHECKED:
            # What is closed to a member stays unchecked however long she unlocks: no setting lets it pass.
            is_let = self._place.settings.outgoing.unchecked == "warn" and not looked.has_key
            return Ruling.WARNED if is_let else Ruling.UNCHECKED
        return Ruling.PASSED if looked.has_key else Ruling.WITHOUT_CASE

    def _keep(self, store: Store, keyring: Keyring | None, looked: _Looked, judged: Judged) -> str:
        """Under a code, for the members who are kept from nothing that the mail may belong to."""
        with store.writing() as transaction:
            threads = outgoing.threads_answered(self._place, keyring, transaction, looked.checked.draft)
            filed = {case for each in threads if (case := mail.case_of_thread(transaction, each)) is not None}
            about = filed | {each.id for each in looked.cases}
            kept_out = cases.kept_from(transaction, about, threads)
            return refusals.keep(transaction, judged.report, kept_out, about, self._clock.today())


def _report(looked: _Looked, *, is_at_door: bool) -> Iterator[str]:
    """Protected names blacked out; without a key nobody knows them, so nothing of the mail's own words is shown."""
    hide = redactor(looked.checked)
    lines = report_lines(
        _A_MAIL, looked.checked, looked.verdict, hide, is_for_others=not looked.has_key, is_at_door=is_at_door
    )
    return (line for line, _ in lines)


def _shortened(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Not without end: a mail may have gone to thousands.  The last line is the count."""
    left_out = len(lines) - _MOST_LINES
    return lines if left_out <= 0 else (*lines[: _MOST_LINES - 1], f"({left_out} more lines)", lines[-1])


def _seen(file: Path) -> tuple[str, int, int]:
    with contextlib.suppress(OSError):
        about = file.stat()
        return file.name, about.st_mtime_ns, about.st_size
    return file.name, 0, 0
