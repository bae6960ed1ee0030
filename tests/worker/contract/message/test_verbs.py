"""The table of verbs: complete, free of contradictions, and the only place that its facts stand in."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

from tests.worker.contract.factories import request
from worker.contract.discord_limits import CUSTOM_ID_MAX, LABEL_MAX
from worker.contract.message import verbs
from worker.contract.message.custom_ids import CustomId
from worker.contract.message.job_message import card
from worker.contract.message.languages import ENGLISH
from worker.contract.message.layout import UNDER_MORE
from worker.contract.message.verbs import VERBS, Allowed, Shows, Verb, in_state, of_reaction
from worker.contract.types.destination import Destination
from worker.contract.types.job import Job, State
from worker.contract.types.result import Picture, Result

ROOT = Path(__file__).parents[4]
VARIATION, KEYCAP = "\N{VARIATION SELECTOR-16}", "\N{COMBINING ENCLOSING KEYCAP}"
OURS = {emoji.replace(VARIATION, "") for row in VERBS.values() for emoji in (row.emoji, *row.reactions) if emoji}
PICTURE = Picture(seed=1, width=64, height=64, size=1)


def job(state: State) -> Job:
    return Job(
        id="1", state=state, owner=5, server="10", request=request(), destination=Destination(channel=1), created=0,
        changed=0, result=Result(pictures=(PICTURE,)),
    )  # fmt: skip


def test_every_verb_has_a_row() -> None:
    assert list(VERBS) == list(Verb)


@pytest.mark.parametrize("verb", Verb)
def test_a_row_is_whole(verb: Verb) -> None:
    row = VERBS[verb]
    assert 0 < len(row.label) <= LABEL_MAX
    assert row.reactions or row.shows is Shows.ASIDE
    assert row.states
    assert row.help.endswith(".")
    assert ("{whose}" in row.not_yours) != (row.allowed is Allowed.ANYONE)
    assert bool(row.not_yours) != (row.allowed is Allowed.ANYONE)
    assert row.per_picture or len(row.reactions) <= 1
    assert len(str(CustomId(verb, "x" * 40, 99))) <= CUSTOM_ID_MAX


def test_verbs_with_the_same_reaction_are_never_offered_together() -> None:
    offered: dict[tuple[str, State], list[Verb]] = defaultdict(list)
    for verb, row in VERBS.items():
        for state in row.states:
            for emoji in row.reactions:
                offered[emoji, state].append(verb)
    assert [each for each in offered.values() if len(each) > 1] == []


@pytest.mark.parametrize("state", State)
def test_the_buttons_are_those_of_the_rows(state: State) -> None:
    shown = [
        button
        for line in card(job(state), ENGLISH, [0], varied=[0], beyond=True, draft=True)["components"]
        for button in line["components"]
    ]
    rows = {verb: row for verb, row in VERBS.items() if state in row.states}
    if state is State.POSTED:
        for verb in (Verb.DELETE, *UNDER_MORE):  # they are under More
            del rows[verb]
    assert {button["custom_id"] for button in shown} == {str(CustomId(verb, "1")) for verb in rows}
    assert len(shown) == len(rows)
    for button in shown:
        row = VERBS[Verb(button["custom_id"].split(":")[1])]
        assert (button.get("label", row.label), button["style"]) == (row.label, row.style)
        assert button.get("emoji", {}).get("name") == row.emoji


@pytest.mark.parametrize("variation", ["", VARIATION])
def test_numbers_as_reactions_mean_pictures_however_a_client_writes_them(variation: str) -> None:
    for index in range(4):
        assert of_reaction(f"{index + 1}{variation}{KEYCAP}") == [(Verb.UPSCALE, index)]
    assert of_reaction(f"5{variation}{KEYCAP}") == of_reaction("👍") == []


@pytest.mark.parametrize(
    ("state", "verb"),
    [
        (State.QUEUED, Verb.CANCEL),
        (State.CLAIMED, Verb.CANCEL),
        (State.RENDERED, Verb.DELETE),
        (State.POSTED, Verb.DELETE),
        (State.FAILED, Verb.DELETE),
        (State.CANCELLED, Verb.DELETE),
        (None, Verb.DELETE),
    ],
)
def test_what_a_cross_means_is_said_by_the_jobs_state(state: State | None, verb: Verb) -> None:
    (emoji,) = VERBS[Verb.CANCEL].reactions
    assert in_state(of_reaction(emoji), state) == (verb, 0)


DOCUMENT = ROOT / "docs/verbs.md"


def tables() -> list[list[list[str]]]:
    """The rows of each table of verbs in the document, as cells."""
    found: list[list[list[str]]] = []
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        if line.startswith("| verb |"):
            found.append([])
        elif line.startswith("| `") and found:
            found[-1].append([cell.strip() for cell in line.strip("|").split("|")])
    return found


def test_each_verb_has_a_row_in_the_document_of_ways_to_it() -> None:
    assert len(tables()) == 2
    for table in tables():
        assert sorted(row[0].strip("`") for row in table) == sorted(Verb)
        assert {len(row) for row in table} == {len(table[0])}


def test_each_cell_of_it_names_a_test_or_says_why_there_is_none() -> None:
    for cell in {cell for table in tables() for row in table for cell in row[1:]}:
        why = re.fullmatch(r"not possible: \S.*", cell)
        named = re.fullmatch(r"`(tests/[\w/]+\.py)::(\w+)`", cell)
        assert why or named, cell
        assert not named or re.search(rf"def {named[2]}\(", (ROOT / named[1]).read_text(encoding="utf-8")), cell


@pytest.mark.parametrize("room", ["bot", "worker"])
def test_no_other_file_knows_their_emoji(room: str) -> None:
    """As they are, in comments too, or written as escapes."""
    table = Path(verbs.__file__)
    found = [
        f"{path.relative_to(ROOT)}: {emoji}"
        for path in sorted((ROOT / room).rglob("*.py"))
        if path != table
        for source in [path.read_text()]
        for texts in [[source, *_strings(source)]]
        for emoji in sorted({*OURS, KEYCAP})
        if any(emoji in text for text in texts)
    ]
    assert found == []


def _strings(source: str) -> list[str]:
    tree = ast.parse(source)
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
