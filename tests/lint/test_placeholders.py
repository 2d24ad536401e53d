"""Whatever one of our own templates leaves to be filled in is known when it is left over in a mail."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment, meta

import templates
from tests.lint.letters import letter, rules

FOLDER = Path(templates.__file__).parent
#: Only parsed; nothing is rendered.
ENVIRONMENT = Environment(autoescape=False)  # noqa: S701
ENVIRONMENT.filters |= {"counted": templates.counted, "day": templates.day, "listed": templates.listed}
VARIABLES = sorted(
    {
        name
        for file in FOLDER.glob("*/*.txt")
        for name in meta.find_undeclared_variables(ENVIRONMENT.parse(file.read_text("utf-8")))
    }
)


def test_there_are_templates() -> None:
    assert len(VARIABLES) > 5


@pytest.mark.parametrize("name", VARIABLES)
def test_a_variable_left_to_be_filled_in(name: str) -> None:
    """A new variable of a template belongs into ``_VARIABLES`` of policies/lint/placeholders.py."""
    for left in (f"[{name}]", f"[{name.upper()}]", f"{{{{ {name} }}}}", f"${{{name}}}", f"%({name})s"):
        assert "placeholder" in rules(letter("organiser", f"Hello {left},\n\nthank you.")), left
