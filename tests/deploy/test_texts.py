"""What translators get: everything that is said, as it is said now, with what was noted for them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from deploy.texts import ROOMS, ROOT, TEMPLATE, collect, renew, text, translated

SAYING = {"gettext": 1, "N_": 1, "ngettext": 2, "NN_": 2, "pgettext": 2}  # and how many of their arguments are said


@pytest.fixture(scope="module")
def template() -> Catalog:
    return collect()


def sources() -> Iterator[str]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path.read_text()


def said(source: str) -> Iterator[str]:
    """The texts of all calls that mark one, by Python's own parser."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            for each in node.args[: SAYING.get(name, 0)]:
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    yield each.value


def test_the_template_is_up_to_date(template: Catalog) -> None:
    assert text(template) == TEMPLATE.read_bytes(), "run `make texts`"


def test_nothing_that_is_marked_is_missing(template: Catalog) -> None:
    known = {context for context in (message.context for message in template) if context}
    for message in template:
        known |= {message.id} if isinstance(message.id, str) else set(message.id)
    missing = {each for source in sources() for each in said(source)} - known
    assert not missing


def test_what_was_noted_for_translators_reaches_them(template: Catalog) -> None:
    got = " ".join(comment for message in template for comment in message.auto_comments)
    for source in sources():
        for block in re.findall(r"# Translators: ((?:.*\n)(?:\s*# (?!Translators:).*\n)*)", source):
            note = " ".join(re.sub(r"\n\s*# ", " ", block).split())
            assert note in " ".join(got.split()), "a note must stand right above the call that marks a text"


def test_a_translation_is_brought_up_to_date_and_compiled(template: Catalog, tmp_path: Path) -> None:
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    begun = Catalog(locale="de", domain="easel")
    begun.add("Cancelled.", "Abgebrochen.")
    begun.add("No longer said.", "Nicht mehr gesagt.")
    (folder / "easel.po").write_bytes(text(begun))
    assert translated(renew(folder / "easel.po", template)) == 1
    assert (folder / "easel.mo").stat().st_size > 0
    with (folder / "easel.po").open("rb") as file:
        renewed = read_po(file, locale="de")
    assert len(renewed) == len(template)
    assert renewed.get("Cancelled.").string == "Abgebrochen."
