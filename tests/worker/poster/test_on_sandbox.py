"""The same deliveries against the sandbox, which holds everybody to Discord's rules."""

from collections.abc import AsyncIterator

import pytest
import redis.asyncio
from pydantic import SecretStr

from deploy.sandbox.client import SandboxClient
from deploy.sandbox.server import Sandbox, serve
from deploy.sandbox.state.ids import fixed
from tests.worker.poster.harness import Executor
from worker.contract.types.job import Job, Reason, State
from worker.poster.discord import Discord, UnreachableError

GALLERY, ADMINS, NO_FILES = fixed(111), fixed(112), fixed(113)  # channels of the server Studio
BEA, ELI = fixed(13), fixed(16)  # Eli takes no direct messages


@pytest.fixture
async def sandbox() -> AsyncIterator[SandboxClient]:
    async with serve(Sandbox()) as box, SandboxClient.connect(box.base_url) as client:
        yield client


@pytest.fixture
async def desk(sandbox: SandboxClient, redis_async: redis.asyncio.Redis, valkey_url: str) -> AsyncIterator[Executor]:
    async with Discord(sandbox.info.api, SecretStr(sandbox.info.token)) as discord:
        yield Executor(redis_async, valkey_url, discord)


async def _rendered(desk: Executor, channel: int, owner: int = BEA) -> Job:
    await desk.rendered(token=None, channel=channel, server=fixed(100), owner=owner)
    return await desk.job()


async def test_a_result_is_a_valid_message(desk: Executor, sandbox: SandboxClient) -> None:
    job = await _rendered(desk, GALLERY)
    assert (await desk.deliver()).state is State.POSTED
    (shown,) = await sandbox.messages("gallery")
    assert [attachment.filename for attachment in shown.attachments] == [f"easel-job-{i}.png" for i in range(1, 5)]
    assert {attachment.description for attachment in shown.attachments} == {job.request.prompt}
    assert shown.button("Rerun")


async def test_what_is_created_twice_is_there_once(desk: Executor, sandbox: SandboxClient) -> None:
    """The first poster dies between Discord's answer and Redis."""
    await _rendered(desk, GALLERY)
    await sandbox.fault("POST", "*/messages", drop="after", times=1)
    entry = await desk.outbox.claim(5)
    assert entry is not None
    with pytest.raises(UnreachableError):
        await desk.deliverer.deliver(entry)
    await desk.outbox.later(entry, 0)
    assert (await desk.deliver()).state is State.POSTED
    assert len(await sandbox.messages("gallery")) == 1


async def test_pictures_reach_a_message_whose_making_went_unheard(desk: Executor, sandbox: SandboxClient) -> None:
    """The card arrived, the answer did not; the next try has pictures, and Discord gives back the card."""
    new = await desk.claimed(token=None, channel=GALLERY, server=fixed(100), owner=BEA)
    await sandbox.fault("POST", "*/messages", drop="after", times=1)
    entry = await desk.outbox.claim(5)
    assert entry is not None
    with pytest.raises(UnreachableError):
        await desk.deliverer.deliver(entry)
    await desk.outbox.later(entry, 0)
    await desk.store(new)
    assert (await desk.deliver()).state is State.POSTED
    (shown,) = await sandbox.messages("gallery")
    assert len(shown.attachments) == 4
    assert shown.button("Rerun")


async def test_a_channel_without_files_is_told_to_the_owner(desk: Executor, sandbox: SandboxClient) -> None:
    await _rendered(desk, NO_FILES)
    job = await desk.deliver()
    assert (job.state, job.reason) == (State.FAILED, Reason.UNPOSTED)
    (told,) = await sandbox.messages("dm:Bea")
    assert "attach files" in told.content


@pytest.mark.parametrize("owner", [BEA, ELI])
async def test_a_channel_that_is_hidden_ends_it(desk: Executor, sandbox: SandboxClient, owner: int) -> None:
    await _rendered(desk, ADMINS, owner)
    assert (await desk.deliver()).state is State.FAILED
    await desk.deliver()
    assert await desk.outbox.claim(5) is None
    assert await sandbox.messages("admins") == []


async def test_a_message_that_a_moderator_deleted_stays_deleted(desk: Executor, sandbox: SandboxClient) -> None:
    await desk.claimed(token=None, channel=GALLERY, server=fixed(100), owner=BEA)
    await desk.jobs.renew("job", 1)
    job = await desk.deliver()
    assert job.destination.message is not None
    await sandbox.delete(job.destination.message, "Max")
    await desk.jobs.cancel("job", Reason.MODERATOR)
    await desk.deliver()
    assert await sandbox.messages("gallery") == []
    assert await desk.outbox.claim(5) is None
