"""The same deliveries against the sandbox, which holds everybody to Discord's rules."""

from collections.abc import AsyncIterator

import pytest
import redis.asyncio
from pydantic import SecretStr

from deploy.sandbox.client import SandboxClient
from deploy.sandbox.server import Sandbox, serve
from deploy.sandbox.state.ids import fixed
from tests.worker.poster.harness import Harness
from worker.contract.types.job import Job, Reason, State
from worker.poster.discord import Discord, UnreachableError

GALLERY, ADMINS, NO_FILES = fixed(111), fixed(112), fixed(113)  # channels of the server Studio
BEA, ELI = fixed(13), fixed(16)  # Eli takes no direct messages


@pytest.fixture
async def sandbox() -> AsyncIterator[SandboxClient]:
    async with serve(Sandbox()) as box, SandboxClient.connect(box.base_url) as client:
        yield client


@pytest.fixture
async def harness(sandbox: SandboxClient, redis_async: redis.asyncio.Redis, valkey_url: str) -> AsyncIterator[Harness]:
    async with Discord(sandbox.info.api, SecretStr(sandbox.info.token)) as discord:
        yield Harness(redis_async, valkey_url, discord)


async def _rendered(harness: Harness, channel: int, owner: int = BEA) -> Job:
    await harness.rendered(token=None, channel=channel, server=fixed(100), owner=owner)
    return await harness.job()


async def test_a_result_is_a_valid_message(harness: Harness, sandbox: SandboxClient) -> None:
    job = await _rendered(harness, GALLERY)
    assert (await harness.deliver()).state is State.POSTED
    (shown,) = await sandbox.messages("gallery")
    assert [attachment.filename for attachment in shown.attachments] == [f"easel-job-{i}.png" for i in range(1, 5)]
    assert {attachment.description for attachment in shown.attachments} == {
        f"Picture {number} of 4: {job.request.prompt}" for number in range(1, 5)
    }
    assert shown.button("More")


async def test_what_is_created_twice_is_there_once(harness: Harness, sandbox: SandboxClient) -> None:
    """The first poster dies between Discord's answer and Redis."""
    await _rendered(harness, GALLERY)
    await sandbox.fault("POST", "*/messages", drop="after", times=1)
    entry = await harness.outbox.claim(5)
    assert entry is not None
    with pytest.raises(UnreachableError):
        await harness.deliverer.deliver(entry)
    await harness.outbox.later(entry, 0)
    assert (await harness.deliver()).state is State.POSTED
    assert len(await sandbox.messages("gallery")) == 1


async def test_pictures_reach_a_message_whose_making_went_unheard(harness: Harness, sandbox: SandboxClient) -> None:
    """The card arrived, the answer did not; the next try has pictures, and Discord gives back the card."""
    new = await harness.claimed(token=None, channel=GALLERY, server=fixed(100), owner=BEA)
    await sandbox.fault("POST", "*/messages", drop="after", times=1)
    entry = await harness.outbox.claim(5)
    assert entry is not None
    with pytest.raises(UnreachableError):
        await harness.deliverer.deliver(entry)
    await harness.outbox.later(entry, 0)
    await harness.store(new)
    assert (await harness.deliver()).state is State.POSTED
    (shown,) = await sandbox.messages("gallery")
    assert len(shown.attachments) == 4
    assert shown.button("More")


async def test_from_a_channel_without_files_the_owner_gets_them(harness: Harness, sandbox: SandboxClient) -> None:
    await _rendered(harness, NO_FILES)
    assert (await harness.deliver()).state is State.POSTED
    (told,) = await sandbox.messages("dm:Bea")
    assert "attach files" in told.content
    assert len(told.attachments) == 4


@pytest.mark.parametrize(("owner", "end"), [(BEA, State.POSTED), (ELI, State.FAILED)])
async def test_from_a_channel_that_is_hidden_who_takes_direct_messages_gets_them(
    harness: Harness, sandbox: SandboxClient, owner: int, end: State
) -> None:
    await _rendered(harness, ADMINS, owner)
    assert (await harness.deliver()).state is end
    await harness.deliver()
    assert await harness.outbox.claim(5) is None
    assert await sandbox.messages("admins") == []


async def test_a_message_that_a_moderator_deleted_stays_deleted(harness: Harness, sandbox: SandboxClient) -> None:
    await harness.claimed(token=None, channel=GALLERY, server=fixed(100), owner=BEA)
    await harness.jobs.renew("job", 1)
    job = await harness.deliver()
    assert job.destination.message is not None
    await sandbox.delete(job.destination.message, "Max")
    await harness.jobs.cancel("job", Reason.MODERATOR)
    await harness.deliver()
    assert await sandbox.messages("gallery") == []
    assert await harness.outbox.claim(5) is None
