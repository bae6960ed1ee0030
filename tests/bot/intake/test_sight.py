"""Which messages are Easel's own."""

from types import SimpleNamespace
from typing import Any

import pytest

from bot.intake.sight import is_ours

APPLICATION, BOT = 7, 8  # of one that is as old as Discord itself


@pytest.mark.parametrize(("author", "ours"), [(BOT, True), (APPLICATION, True), (9, False)])
def test_the_bot_of_an_old_application_has_an_id_of_its_own(author: int, ours: bool) -> None:
    asked: Any = SimpleNamespace(application_id=APPLICATION, client=SimpleNamespace(user=SimpleNamespace(id=BOT)))
    message: Any = SimpleNamespace(author=SimpleNamespace(id=author))
    assert is_ours(message, asked) is ours
