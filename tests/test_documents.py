"""What the documents name is there: links, files, functions, commands, settings. A renamed file turns this red."""

import ast
import functools
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILE = re.compile(r"[\w.-]+(?:/[\w.-]+)*\.(?:py|lua|toml|md|sh|js|css|html)")
FOLDER = re.compile(r"(?:[\w-]+/)+")
NO_FILES = {"discord.js"}  # a library for bots
MADE_BY_RUNNING = {"smoke", ".venv", ".easel"}
DEFINED = re.compile(r"`([A-Za-z_][\w.]*)` in `([\w./-]+\.(?:py|lua))`")
LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")
ARCHAIC = re.compile(r"\b(lest|heed\w*|thereof|whilst|hitherto|behold|somebody)\b", re.IGNORECASE)


@functools.cache
def tracked() -> tuple[str, ...]:
    """Every file of the repository, those included that are new and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return tuple(name for name in listed.stdout.splitlines() if (ROOT / name).exists())


def documents() -> list[str]:
    return [name for name in tracked() if name.endswith(".md") and not name.startswith("tests/")]


def text(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def code(document: str) -> Iterator[str]:
    """What stands in fenced blocks, line by line, and between backticks."""
    plain: list[str] = []
    fenced = False
    for line in text(document).splitlines():
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif fenced:
            yield line
        else:
            plain.append(line)
    yield from re.findall(r"`([^`]+)`", flowing("\n".join(plain)))


def flowing(markdown: str) -> str:
    """Paragraphs in one line each."""
    return re.sub(r"(?<!\n)\n(?!\n)", " ", markdown)


def is_there(path: str) -> bool:
    """Whether a file of the repository has this path, or ends with it."""
    return any(name == path or name.endswith(f"/{path}") for name in tracked())


def folder_is_there(path: str) -> bool:
    return any(f"/{name}".find(f"/{path}") >= 0 for name in tracked())


@functools.cache
def names_defined(file: str) -> frozenset[str]:
    """Functions, classes, their members and constants; of Lua what stands before `(` or `=`."""
    source = (ROOT / file).read_text(encoding="utf-8")
    if file.endswith(".lua"):
        return frozenset(re.findall(r"(?:local function|function|local) +(\w+)", source)) | {Path(file).stem}
    found: set[str] = set()
    for node in ast.parse(source).body:
        found |= _names(node)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{name}" for member in node.body for name in _names(member)}
    return frozenset(found)


def _names(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}


def slug(heading: str) -> str:
    """A heading's anchor as GitHub makes it."""
    kept = re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", heading.strip().lower()))
    return kept.replace(" ", "-")


def anchors(document: Path) -> set[str]:
    return {
        slug(line.lstrip("#")) for line in document.read_text(encoding="utf-8").splitlines() if line.startswith("#")
    }


@pytest.mark.parametrize("document", documents())
def test_links_lead_somewhere(document: str) -> None:
    for found in LINK.finditer(text(document)):
        target = found[1] or found[2]
        if re.match(r"https?:|mailto:|data:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (ROOT / document).parent / path if path else ROOT / document
        assert there.exists(), f"{document}: {target} leads nowhere"
        if anchor and there.suffix == ".md":
            assert anchor in anchors(there), f"{document}: {target}: there is no such heading"


@pytest.mark.parametrize("document", documents())
def test_files_and_folders_that_are_named_exist(document: str) -> None:
    made = set(re.findall(r"mkdir -p (\S+)", text(document)))  # by the document's own commands
    for words in code(document):
        for word in words.split():
            path = word.strip("(),:;'\"")
            if FILE.fullmatch(path) and path not in NO_FILES:
                assert is_there(path), f"{document}: there is no file {path}"
            elif FOLDER.fullmatch(path) and path.rstrip("/") not in MADE_BY_RUNNING | made and path.count("/") > 1:
                assert folder_is_there(path), f"{document}: there is no folder {path}"


@pytest.mark.parametrize("document", documents())
def test_names_are_defined_where_the_document_says(document: str) -> None:
    """Written as `Name.method` in `some/file.py`."""
    for name, path in DEFINED.findall(re.sub(r" {2,}", " ", flowing(text(document)))):
        files = [each for each in tracked() if each == path or each.endswith(f"/{path}")]
        assert files, f"{document}: there is no file {path}"
        assert any(name in names_defined(file) for file in files), f"{document}: {path} defines no {name}"


@pytest.mark.parametrize("document", documents())
def test_commands_exist(document: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    for words in code(document):
        for call in re.findall(r"\bmake((?: [a-z]+\b)+)", words):
            unknown = set(call.split()) - targets
            assert not unknown, f"{document}: make has no {unknown}"
        for module in re.findall(r"python -m ((?:bot|worker|deploy|tests)(?:\.\w+)*)", words):
            path = module.replace(".", "/")
            assert {f"{path}.py", f"{path}/__main__.py"} & set(tracked()), f"{document}: there is no {module}"


@pytest.mark.parametrize("document", documents())
def test_variables_exist(document: str) -> None:
    unknown = set(re.findall(r"\bEASEL_[A-Z_]*[A-Z]\b", text(document))) - variables()
    assert not unknown, f"{document}: nothing reads {unknown}"


@functools.cache
def variables() -> frozenset[str]:
    sources = [name for name in tracked() if name.endswith(".py") or name in {".env.example", "Makefile"}]
    found = {each for name in sources for each in re.findall(r"\bEASEL_[A-Z_]*[A-Z]\b", text(name))}
    return frozenset(found)


@pytest.mark.parametrize("document", documents())
def test_the_words_are_todays(document: str) -> None:
    old = ARCHAIC.search(text(document))
    assert old is None, f"{document}: {old[0]!r} is not plain modern English"


def quoted() -> Iterator[str]:
    """What the first column of a table in docs/trouble.md says that people see, in pieces between "…"."""
    for row in re.findall(r"^\| (.+?) \| .+ \|$", text("docs/trouble.md"), re.MULTILINE):
        for said in re.findall(r"`([^`]+)`|\*([^*]+)\*(?! \(Discord's own)", row):
            yield from filter(lambda piece: len(piece) > 9, (piece.strip(" .") for piece in "".join(said).split("…")))


@functools.cache
def everything_said() -> str:
    """The sources of the product in one piece, with strings joined that stand on several lines."""
    sources = [name for name in tracked() if re.match(r"(?:bot|worker|deploy)/.+\.(?:py|sh)$", name)]
    whole = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in sources)
    return re.sub(r'"\s*\n\s*[rf]?"', "", whole)


@pytest.mark.parametrize("piece", [*quoted()])
def test_what_is_listed_as_trouble_is_said_somewhere(piece: str) -> None:
    assert piece in everything_said()


def printed() -> Iterator[str]:
    """What commands print by docs/start.md (in blocks marked as text), in pieces between "…"."""
    for block in re.findall(r"```text\n(.*?)```", text("docs/start.md"), re.DOTALL):
        pieces = (piece.strip(" .`") for piece in re.split(r"…|\n", block))
        yield from (piece for piece in pieces if len(piece) > 4)


@pytest.mark.parametrize("piece", [*printed()])
def test_what_the_first_steps_print_is_said_somewhere(piece: str) -> None:
    said = everything_said() + text("deploy/venv.sh")
    bare = piece.removeprefix("easel: ")  # which is put before each
    assert bare in said or bare[0].lower() + bare[1:] in said


def packages_with_a_map() -> list[str]:
    return [name for name in tracked() if name.endswith("__init__.py") and "Where to look" in text(name)]


@pytest.mark.parametrize("package", packages_with_a_map())
def test_where_to_look_names_what_is_there(package: str) -> None:
    """Each entry of the table begins with a module or folder of the package; further lines of it are indented more."""
    table = text(package).split("Where to look")[1].split('"""')[0].split("\n\n")[0]
    folder = (ROOT / package).parent
    named = re.findall(r"^ {4}([\w./]+)", table, re.MULTILINE)
    assert named
    for name in named:
        there = [folder / f"{name.rstrip('/')}.py", folder / name]
        assert any(path.exists() for path in there), f"{package}: there is no {name}"
