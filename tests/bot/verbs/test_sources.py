"""The pictures that come with a request are looked up whatever they are for, and none where none come."""

from unittest.mock import MagicMock

import pytest

from bot.source_errors import BeginningGone
from bot.verbs import sources
from tests.worker.contract.factories import EDGES, LOOK, begun, request
from worker.contract.types.request import Request


@pytest.mark.parametrize("asked", [begun(), request(guides=(EDGES,)), begun(guides=(LOOK,))])
async def test_what_redis_has_forgotten_is_gone(asked: Request) -> None:
    with pytest.raises(BeginningGone):
        await sources.of_request(MagicMock(), None, asked)


async def test_words_alone_need_no_picture() -> None:
    assert await sources.of_request(MagicMock(), None, request()) is None
