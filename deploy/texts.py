"""`make texts`: collects every sentence for translators, and compiles their catalogues.

Needs Babel, which is installed for development alone. What is collected is what `worker.contract.message.languages`
marks: calls of gettext, ngettext, pgettext, N_ and NN_, with the comments above them that begin with "Translators:".
"""

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from worker.contract.message.languages import DOMAIN, LOCALE

ROOT = Path(__file__).parents[1]
ROOMS = ("bot", "worker")
TEMPLATE = LOCALE / f"{DOMAIN}.pot"
_WIDTH = 100
_KEYWORDS = {
    "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "N_": None, "NN_": (1, 2),
}  # fmt: skip
_CHANGING = tuple(f'"{name}: '.encode() for name in (
    "Project-Id-Version", "Report-Msgid-Bugs-To", "POT-Creation-Date", "PO-Revision-Date", "Last-Translator",
    "Language-Team", "Generated-By",
))  # fmt: skip
_HEADER = """\
# Every sentence that Easel says to people, for translation. Made by `make texts`.
# A language begins as a copy of this file at <code>/LC_MESSAGES/easel.po.
"""


def main() -> int:
    """Write the template, bring every translation up to it, compile it. Returns the exit status."""
    template = collect()
    TEMPLATE.parent.mkdir(exist_ok=True)
    TEMPLATE.write_bytes(text(template))
    print(f"{TEMPLATE.relative_to(ROOT)}: {len(template)} sentences")  # noqa: T201
    for path in sorted(LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        catalogue = renew(path, template)
        print(f"{path.relative_to(ROOT)}: {translated(catalogue)} of {len(template)} translated")  # noqa: T201
    return 0


def collect() -> Catalog:
    """All marked sentences, in the order of the files that say them."""
    catalogue = Catalog(domain=DOMAIN, project="Easel", header_comment=_HEADER.rstrip(), charset="utf-8", fuzzy=False)
    for room in ROOMS:
        found = extract_from_dir(
            str(ROOT / room), [("**.py", "python")], {}, _KEYWORDS, ["Translators:"], strip_comment_tags=True
        )
        for name, _, message, comments, context in found:
            catalogue.add(message, None, [(f"{room}/{name}", 0)], auto_comments=comments, context=context)
    return catalogue


def text(catalogue: Catalog) -> bytes:
    """A catalogue as it is kept: without dates and line numbers, which would change with everything else."""
    out = io.BytesIO()
    write_po(out, catalogue, width=_WIDTH, include_lineno=False, sort_by_file=True)
    return b"".join(line for line in out.getvalue().splitlines(keepends=True) if not line.startswith(_CHANGING))


def renew(path: Path, template: Catalog) -> Catalog:
    """Bring a translation up to the template and compile it beside itself; returns it."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parents[1].name, domain=DOMAIN)
    catalogue.update(template, no_fuzzy_matching=True)
    path.write_bytes(text(catalogue))
    with path.with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, catalogue)
    return catalogue


def translated(catalogue: Catalog) -> int:
    """How many of its sentences are translated."""
    return sum(bool(message.id and message.string and all(message.string)) for message in catalogue)


if __name__ == "__main__":
    sys.exit(main())
