"""Discord's limits: as its own description has them, and written down once."""

import ast
import json
import operator
import os
from pathlib import Path
from typing import Any

import pytest

from worker.contract import discord_limits as limits

ROOT = Path(__file__).parents[3]
_FOLD = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.LShift: operator.lshift}


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    file = os.environ.get("EASEL_DISCORD_OPENAPI")
    if not file:
        pytest.skip("EASEL_DISCORD_OPENAPI does not name Discord's openapi.json (github.com/discord/discord-api-spec)")
    found: dict[str, Any] = json.loads(Path(file).read_text())["components"]["schemas"]
    return found


@pytest.mark.parametrize(
    ("schema", "name", "limit", "value"),
    [
        ("MessageCreateRequest", "attachments", "maxItems", limits.FILES_MAX),
        ("MessageCreateRequest", "nonce", "maxLength", limits.NONCE_MAX),
        ("MessageAttachmentRequest", "description", "maxLength", limits.ALT_TEXT_MAX),
        ("RichEmbed", "description", "maxLength", limits.EMBED_DESCRIPTION_MAX),
        ("ButtonComponentForMessageRequest", "custom_id", "maxLength", limits.CUSTOM_ID_MAX),
        ("ButtonComponentForMessageRequest", "label", "maxLength", limits.LABEL_MAX),
        ("ActionRowComponentForMessageRequest", "components", "maxItems", limits.BUTTONS_PER_ROW),
        (
            "InteractionApplicationCommandAutocompleteCallbackStringData",
            "choices", "maxItems", limits.CHOICES_MAX,
        ),
        ("ApplicationCommandOptionStringChoice", "name", "maxLength", limits.CHOICE_NAME_MAX),
    ],
)  # fmt: skip
def test_they_are_those_of_discords_description(schemas: dict[str, Any], schema, name, limit, value) -> None:
    described = schemas[schema]["properties"][name]
    kinds = [described, *described.get("oneOf", ())]
    assert [each[limit] for each in kinds if limit in each] == [value]


@pytest.mark.parametrize("room", ["bot", "worker"])
def test_no_other_file_writes_discords_sizes_down(room: str) -> None:
    """However they are written: 10 * 1024 * 1024, 10 << 20, 10485760."""
    sizes = {limits.FILE_MAX, limits.REQUEST_MAX}
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted((ROOT / room).rglob("*.py"))
        if path != Path(limits.__file__)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.expr) and _folded(node) in sizes
    ]
    assert found == []


def _folded(node: ast.expr) -> int | None:
    """The number that an expression of numbers alone comes to."""
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    if isinstance(node, ast.BinOp) and type(node.op) in _FOLD:
        left, right = _folded(node.left), _folded(node.right)
        return _FOLD[type(node.op)](left, right) if left is not None and right is not None else None
    return None
