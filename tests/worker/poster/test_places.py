"""Results in every kind of place that the sandbox has, and in places that are closed while they are drawn."""

from collections.abc import AsyncIterator

import pytest
import redis.asyncio
from pydantic import SecretStr

from deploy.sandbox.client import Message, SandboxClient
from deploy.sandbox.server import Sandbox, serve
from deploy.sandbox.state.ids import fixed
from tests.worker.poster.harness import Harness
from worker.contract.types.job import Job, State
from worker.poster.discord import BrokenError, Discord, UnreachableError

BEA, STUDIO = fixed(13), fixed(100)


@pytest.fixture
async def sandbox() -> AsyncIterator[SandboxClient]:
    async with serve(Sandbox()) as box, SandboxClient.connect(box.base_url) as client:
        yield client


@pytest.fixture
async def harness(sandbox: SandboxClient, redis_async: redis.asyncio.Redis, valkey_url: str) -> AsyncIterator[Harness]:
    async with Discord(sandbox.info.api, SecretStr(sandbox.info.token)) as discord:
        yield Harness(redis_async, valkey_url, discord)


async def place(sandbox: SandboxClient, kind: str) -> int:
    """The channel of that kind, made where there is none."""
    if kind == "private thread":
        channel = await sandbox.thread("Bea", "Below", channel="gallery", private=True)
        await sandbox.join_thread(channel, "Bea", "Easel")
        return channel
    if kind == "thread":
        return await sandbox.thread("Bea", "Below", channel="gallery")
    if kind == "post":
        return await sandbox.thread("Bea", "A post", channel="showcase", content="look")
    return int((await sandbox.get("/channel", channel=kind))["id"])


async def shown_card(harness: Harness, channel: int) -> int:
    """The message of a job that is being drawn."""
    await harness.claimed(token=None, channel=channel, server=STUDIO, owner=BEA)
    job = await harness.deliver()
    assert job.destination.message is not None
    return job.destination.message


async def finished(harness: Harness) -> Job:
    """It is drawn, and delivered until nothing more is due."""
    await harness.store(harness.newest())
    job = await harness.deliver()
    while await harness.outbox.redis.zcard("easel:outbox"):
        job = await harness.deliver()
    return job


async def pictures(sandbox: SandboxClient, where: int | str) -> list[Message]:
    return [each for each in await sandbox.messages(where) if len(each.attachments) == 4]


@pytest.mark.parametrize("kind", ["gallery", "news", "lounge", "stage", "thread", "private thread", "post"])
async def test_results_come_in_every_kind_of_place(harness: Harness, sandbox: SandboxClient, kind: str) -> None:
    channel = await place(sandbox, kind)
    card = await shown_card(harness, channel)
    assert (await finished(harness)).state is State.POSTED
    assert [each.id for each in await pictures(sandbox, channel)] == [card]


async def test_an_archived_thread_is_reopened_for_its_pictures(harness: Harness, sandbox: SandboxClient) -> None:
    channel = await place(sandbox, "thread")
    card = await shown_card(harness, channel)
    await sandbox.change_thread(channel, "Bea", archived=True)
    job = await finished(harness)
    (shown,) = await pictures(sandbox, channel)
    assert (job.state, job.destination.message) == (State.POSTED, shown.id)
    old = await sandbox.message(card)
    assert str(shown.id) in old.content
    assert not old.buttons


@pytest.mark.parametrize("archived", [False, True])
async def test_from_a_locked_thread_the_pictures_go_to_their_owner(
    harness: Harness, sandbox: SandboxClient, archived: bool
) -> None:
    channel = await place(sandbox, "thread")
    await shown_card(harness, channel)
    await sandbox.change_thread(channel, "Max", locked=True)
    if archived:
        await sandbox.change_thread(channel, "Max", archived=True)
    assert (await finished(harness)).state is State.POSTED
    (shown,) = await pictures(sandbox, "dm:Bea")
    assert "locked by a moderator" in shown.content
    assert shown.button("More")


@pytest.mark.parametrize(
    ("kind", "said"), [("private thread", "Mention me in the thread"), ("lounge", "let me view the channel")]
)
async def test_where_the_bot_is_no_longer_let_in_they_go_to_their_owner(
    harness: Harness, sandbox: SandboxClient, kind: str, said: str
) -> None:
    channel = await place(sandbox, kind)
    await shown_card(harness, channel)
    if kind == "lounge":
        await sandbox.overwrite(channel, "Easel", deny=["CONNECT"])
    else:
        await sandbox.leave_thread(channel, "Max", "Easel")
    assert (await finished(harness)).state is State.POSTED
    (shown,) = await pictures(sandbox, "dm:Bea")
    assert said in shown.content


async def test_a_message_whose_answer_was_lost_half_an_hour_ago_is_there_once(
    harness: Harness, sandbox: SandboxClient
) -> None:
    channel = await place(sandbox, "gallery")
    await harness.rendered(token=None, channel=channel, server=STUDIO, owner=BEA)
    await sandbox.fault("POST", "*/messages", drop="after", times=1)
    await harness.refused(UnreachableError)
    await sandbox.clock(jump=1800)
    await harness.age(1800)
    assert (await harness.deliver()).state is State.POSTED
    assert len(await sandbox.messages("gallery")) == 1


async def test_a_page_of_the_proxys_is_no_last_word(harness: Harness, sandbox: SandboxClient) -> None:
    channel = await place(sandbox, "gallery")
    card = await shown_card(harness, channel)
    await sandbox.fault("PATCH", "*/messages/*", status=403, html=True, times=2)
    await harness.store(harness.newest())
    for _ in range(2):
        await harness.refused(BrokenError)
    assert (await harness.deliver()).state is State.POSTED
    assert [each.id for each in await pictures(sandbox, channel)] == [card]
