"""Who is blacked out in what is printed to a log, a file or a pipe."""

from __future__ import annotations

from policies.lint.check import check
from policies.lint.checked import Checked
from policies.lint.context_file import parse_context
from policies.lint.draft import Draft
from policies.lint.redaction import redactor
from tests.policies.lint.builders import CONTEXT, ON, draft


def test_an_inflected_name_is_blacked_out_beside_another() -> None:
    """Each finding shows the whole line, and the second form stands in the line of the first."""
    witness = {"name": "Ольга Кравцова", "addresses": [], "handles": []}
    raw = draft("Dear Ruben,\n\nписьмо Ольги Кравцовой; Ольгу спросили\n", to="Ruben Vale <ruben@vale.example.com>")
    context = {**CONTEXT, "case": {**CONTEXT["case"], "witnesses": [witness]}}
    checked = Checked(Draft(raw), parse_context(context), (), ON)

    named = [each for each in check(checked).findings if each.rule == "reporter-named"]
    assert [each.column for each in named] == [8, 25]
    for each in named:
        shown = redactor(checked)(each.excerpt, each.hides)
        assert shown == "письмо ‹somebody protected›; ‹somebody protected› спросили"
