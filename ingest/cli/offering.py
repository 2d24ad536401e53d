"""What a shell is offered to complete: code names of cases and names of fields, which need no key and name nobody."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from ingest.cli.context import Session
from policies.errors import ConductError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_MOST = 200


class OffersCases:
    """A kind of value for which the shell is offered the code names of live cases."""

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 - click's signature
        """Live cases whose code names begin so, written with a dash; nothing where the store cannot be asked."""
        from click.shell_completion import CompletionItem

        session = ctx.find_object(Session)
        begun = incomplete.casefold().replace(" ", "-")
        # Whatever is said while somebody types would land in her command line.
        with contextlib.suppress(ConductError), contextlib.redirect_stderr(io.StringIO()):
            names = _code_names(session) if session is not None else iter(())
            found = [(name, status) for name, status in names if name.startswith(begun)]
            return [CompletionItem(name, help=status) for name, status in found[:_MOST]]
        return []


class _Case(OffersCases, click.types.StringParamType):
    """The code name of a case, as text."""


class _FieldValue(click.types.StringParamType):
    """FIELD=VALUE, as text; the names of the fields are offered to the shell."""

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 - click's signature
        """The fields that a member may write and whose names begin so."""
        from click.shell_completion import CompletionItem

        from records.editing import writable

        return [CompletionItem(f"{name}=") for name in writable() if name.startswith(incomplete)]


def _code_names(session: Session) -> Iterator[tuple[str, str]]:
    from ingest import wiring
    from policies.case import Status
    from records import cases

    live = (Status.DRAFT, Status.OPEN, Status.CLOSED)
    with contextlib.closing(wiring.open_store(session.home, session.settings)) as store, store.reading() as transaction:
        for case in cases.every(transaction, live):
            yield case.code_name.replace(" ", "-"), case.status.value


CASE = _Case()
FIELD_VALUE = _FieldValue()
