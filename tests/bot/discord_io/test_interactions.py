"""Answers over real sockets to a server that misbehaves in every way that Discord has."""

import json
from collections.abc import AsyncIterator
from typing import Any
from unittest.mock import create_autospec

import discord as discord_py
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot.discord_io.interactions import DEFERRED_MESSAGE, MESSAGE, Interactions
from bot.discord_io.responder import Responder
from bot.errors import AnswerError, DeadInteractionError, DeferredError
from worker.contract.message.languages import ENGLISH

CALLBACK = "POST /interactions/5/token/callback?with_response=true"
ORIGINAL = "/webhooks/1/token/messages/@original"
CREATED = {"resource": {"type": 4, "message": {"id": "77"}}}
CUT_OFF = {"cut": "off"}


class Discord:
    """Answers with what was scripted, in order; the last one again and again. None drops the connection."""

    def __init__(self) -> None:
        self.script: list[tuple[int, Any] | None] = [(200, CREATED)]
        self.heard: list[str] = []
        self.bodies: list[Any] = []
        self.tokens: list[str | None] = []

    async def serve(self, request: web.Request) -> web.Response:
        self.heard.append(f"{request.method} {request.path_qs}")
        self.tokens.append(request.headers.get("Authorization"))
        text = await request.text()
        self.bodies.append(json.loads(text) if text else None)
        step = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if step is None:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        status, body = step
        if body is CUT_OFF:
            return await _half(request)
        return web.Response(status=status) if status == 204 else web.json_response(body, status=status)


async def _half(request: web.Request) -> web.Response:
    """An answer that ends before its end."""
    response = web.StreamResponse(headers={"Content-Length": "1000", "Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(b'{"resource"')
    assert request.transport is not None
    request.transport.close()
    return web.Response()


@pytest.fixture
async def discord() -> Discord:
    return Discord()


@pytest.fixture
async def interactions(discord: Discord) -> AsyncIterator[Interactions]:
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", discord.serve)
    async with TestServer(app) as server, Interactions.session() as session:
        yield Interactions(str(server.make_url("/")), session, SecretStr("bot.token"))


async def respond(interactions: Interactions) -> int | None:
    return await interactions.respond(1, 5, "token", {"type": MESSAGE, "data": {"content": "hi"}})


async def test_the_first_answer_says_which_message_it_became(interactions, discord):
    assert await respond(interactions) == 77
    assert discord.heard == [CALLBACK]
    assert discord.bodies == [{"type": 4, "data": {"content": "hi"}}]


async def test_an_answer_without_a_message(interactions, discord):
    discord.script = [(200, {"resource": {"type": 6}})]
    assert await respond(interactions) is None


@pytest.mark.parametrize("script", [
    [(200, {"interaction": {"id": "5", "type": 2, "response_message_id": "77", "response_message_loading": True}})],
    [(200, {"interaction": {"id": "5", "type": 2}}), (200, {"id": "77", "flags": 128})],
    [None, (400, {"code": 40060}), (200, {"id": "77", "flags": 128})],
])  # fmt: skip
async def test_the_message_of_a_deferral_is_learnt_in_every_way(interactions, discord, script):
    discord.script = script
    assert await interactions.respond(1, 5, "token", {"type": DEFERRED_MESSAGE}) == 77
    assert not any(line.startswith("PATCH") for line in discord.heard)


async def test_a_deferral_whose_message_cannot_be_learnt_is_one_all_the_same(interactions, discord):
    discord.script = [None, (400, {"code": 40060}), (401, {"code": 50027})]
    assert await interactions.respond(1, 5, "token", {"type": DEFERRED_MESSAGE}) is None


DEFERRED_BEFORE = [(400, {"code": 40060}), (200, {"id": "77", "flags": 128})]


async def test_an_answer_that_meets_a_deferral_nobody_knew_of_says_so(interactions, discord):
    discord.script = [*DEFERRED_BEFORE]
    with pytest.raises(DeferredError) as met:
        await interactions.respond(1, 5, "token", {"type": MESSAGE, "data": {"content": "no"}})
    assert met.value.message == 77
    assert not any(line.startswith("PATCH") for line in discord.heard)


@pytest.fixture
def responder(interactions) -> Responder:
    interaction = create_autospec(discord_py.Interaction, instance=True)
    interaction.id, interaction.application_id, interaction.token, interaction.channel_id = 5, 1, "token", 9
    return Responder(interactions, interaction, ENGLISH, in_place=False)


async def test_a_jobs_message_leaves_the_place_of_such_a_deferral_to_the_poster(responder, discord):
    discord.script = [*DEFERRED_BEFORE]
    assert await responder.show_at_once({"content": "waiting"}) is None
    assert responder.message == 77
    assert not any(line.startswith("PATCH") for line in discord.heard)
    assert await responder.show_at_once({"content": "waiting"}) is None
    assert len(discord.heard) == 2


async def test_a_refusal_takes_the_place_of_such_a_deferral(responder, discord):
    discord.script = [*DEFERRED_BEFORE, (200, {"id": "77"})]
    await responder.whisper("no")
    assert discord.heard[1:] == [f"GET {ORIGINAL}", f"PATCH {ORIGINAL}"]
    assert discord.bodies[2]["content"] == "no"
    assert "flags" not in discord.bodies[2]


async def test_an_answer_that_is_cut_off_is_asked_for_again(interactions, discord):
    discord.script = [(200, CUT_OFF), (400, {"code": 40060}), (200, {"id": "78"})]
    assert await respond(interactions) == 78


@pytest.mark.parametrize("trouble", [None, (500, {}), (502, "not json"), (429, {"retry_after": 0.01})])
async def test_passing_trouble_is_tried_again(interactions, discord, trouble):
    discord.script = [trouble, (200, CREATED)]
    assert await respond(interactions) == 77
    assert discord.heard == [CALLBACK, CALLBACK]


async def test_an_answer_that_arrived_although_its_reply_was_lost_is_found(interactions, discord):
    discord.script = [None, (400, {"code": 40060}), (200, {"id": "78"})]
    assert await respond(interactions) == 78
    assert discord.heard == [CALLBACK, CALLBACK, f"GET {ORIGINAL}"]


@pytest.mark.parametrize("status_code", [(404, 10062), (404, 10015), (401, 50027)])
async def test_a_dead_interaction_is_told_as_such_and_not_tried_again(interactions, discord, status_code):
    status, code = status_code
    discord.script = [(status, {"code": code})]
    with pytest.raises(DeadInteractionError):
        await respond(interactions)
    assert len(discord.heard) == 1


async def test_a_rate_limit_beyond_the_three_seconds_is_not_waited_for(interactions, discord):
    discord.script = [(429, {"retry_after": 60})]
    with pytest.raises(AnswerError) as caught:
        await respond(interactions)
    assert caught.value.status == 429
    assert len(discord.heard) == 1


async def test_an_answer_that_discord_does_not_accept_is_not_repeated(interactions, discord):
    discord.script = [(400, {"code": 50035})]
    with pytest.raises(AnswerError) as caught:
        await respond(interactions)
    assert (caught.value.status, caught.value.code) == (400, 50035)
    assert len(discord.heard) == 1


async def test_edits_deletions_and_follow_ups(interactions, discord):
    discord.script = [(200, {"id": "9"}), (204, None), (200, {"id": "10"})]
    assert await interactions.edit_original(1, "token", {"content": "new"}) == 9
    await interactions.delete_original(1, "token")
    await interactions.follow_up(1, "token", {"content": "psst"})
    assert discord.heard == [f"PATCH {ORIGINAL}", f"DELETE {ORIGINAL}", "POST /webhooks/1/token"]
    assert discord.tokens == [None, None, None]


async def test_a_message_of_its_own_is_edited_with_the_bots_token(interactions, discord):
    discord.script = [(200, {"id": "9"})]
    await interactions.edit_message(3, 9, {"content": "new"})
    assert discord.heard == ["PATCH /channels/3/messages/9"]
    assert discord.tokens == ["Bot bot.token"]


async def test_what_nobody_else_will_do_is_done_although_discord_is_away_for_longer(interactions, discord, monkeypatch):
    monkeypatch.setattr("bot.discord_io.interactions._LONGER", (0.01,) * 9)
    discord.script = [(503, {})] * 8 + [(200, {"id": "9"})]
    assert await interactions.edit_original(1, "token", {"content": "no"}, patient=True) == 9
    discord.script = [(503, {})] * 8 + [(204, None)]
    await interactions.delete_original(1, "token")
    discord.script = [(503, {})] * 8 + [(200, {"id": "10"})]
    await interactions.follow_up(1, "token", {"content": "psst"})
