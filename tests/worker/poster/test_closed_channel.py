"""Where nothing can be posted any more nothing is drawn, and each person hears once. Ends are told as pictures are."""

from tests.worker.poster import standin as fault
from tests.worker.poster.harness import ANY, CHANNEL, DM, OWNER, THROUGH_CHANNEL, TOKEN, Harness
from tests.worker.poster.standin import Standin
from worker.contract.store import keys
from worker.contract.types.job import Reason, State
from worker.poster.discord import BrokenError, UnreachableError


async def waiting(harness: Harness, standin: Standin, owners: dict[str, int], channel: int = CHANNEL) -> None:
    for name, owner in owners.items():
        await harness.admitted(name, owner=owner, channel=channel, message=standin.message(channel), prompt=f"a {name}")
        await harness.jobs.redis.zrem(keys.COSMETIC, name)


async def test_a_closed_channel_draws_nothing_more_and_each_person_hears_once(
    harness: Harness, standin: Standin
) -> None:
    await harness.rendered(token=None, message=standin.message())
    await waiting(harness, standin, {"pear": 1, "plum": 1, "fig": 2})
    await waiting(harness, standin, {"elsewhere": 2}, channel=78)
    standin.fault(f"/channels/{CHANNEL}/", fault.LOCKED, times=100)
    standin.fault(f"PATCH /webhooks/5/{TOKEN}/", fault.LOCKED, times=100)
    await harness.deliver()
    states = {name: await harness.job(name) for name in ("pear", "plum", "fig", "elsewhere")}
    assert {name: job.state for name, job in states.items()} == {
        "pear": State.CANCELLED, "plum": State.CANCELLED, "fig": State.CANCELLED, "elsewhere": State.QUEUED,
    }  # fmt: skip
    assert not await harness.jobs.redis.exists(keys.person(1))
    while await harness.jobs.redis.zcard(keys.OUTBOX):
        await harness.deliver()
    (first, gathered), (alone,) = sorted(standin.told(1), key=lambda said: "request" in said), standin.told(2)
    assert "here they are" in first
    assert "2 requests" in gathered
    assert "a pear" in gathered
    assert "a plum" in gathered
    assert "locked by a moderator" in gathered
    assert "a fig" in alone


async def test_a_gathering_word_that_was_lost_is_said_by_the_next_poster_and_once(
    harness: Harness, standin: Standin
) -> None:
    await waiting(harness, standin, {"pear": 1, "plum": 1})
    standin.fault(f"/channels/{CHANNEL}/|webhooks", fault.NO_ACCESS, times=100)
    standin.fault(DM, fault.DROP_AFTER)
    await harness.due("pear")
    await harness.deliver()
    gatherer, other = ("pear", "plum") if (await harness.job("pear")).gathers else ("plum", "pear")
    await harness.jobs.redis.zrem(keys.OUTBOX, other)
    await harness.refused(UnreachableError)
    await harness.age(1800, gatherer)
    standin.forget_nonces()
    await harness.deliver()
    assert len(standin.told(OWNER)) == 1


async def test_an_end_waits_as_pictures_do(harness: Harness, standin: Standin) -> None:
    message = standin.message()
    await harness.admitted(message=message, token=None)
    await harness.jobs.cancel("job", Reason.WAITED)
    standin.fault(THROUGH_CHANNEL, fault.HTML, times=2)
    for _ in range(2):
        await harness.refused(BrokenError)
        await harness.age(3600)
    await harness.deliver()
    assert "waited too long" in standin.messages[message].content


async def test_an_end_is_not_shown_a_day_later(harness: Harness, standin: Standin) -> None:
    await harness.admitted(message=standin.message(), token=None)
    await harness.jobs.cancel("job", Reason.WAITED)
    await harness.jobs.redis.hincrby(keys.job("job"), "changed", -86_401_000)
    standin.fault(THROUGH_CHANNEL, fault.HTML)
    await harness.refused(BrokenError)
    assert await harness.outbox.claim(5) is None


async def test_an_end_that_its_message_cannot_say_is_told(harness: Harness, standin: Standin) -> None:
    await harness.admitted(message=standin.message(), token=None)
    await harness.jobs.cancel("job", Reason.WAITED)
    await harness.jobs.redis.hset(keys.job("job"), "state", "failed")
    standin.fault(ANY, fault.NO_ACCESS, times=100)
    await harness.deliver()
    (told,) = standin.told(OWNER)
    assert "Nothing came of your request" in told
    assert "waited too long" in told
    assert await harness.outbox.claim(5) is None
