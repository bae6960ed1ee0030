"""What a server's admins set in Discord for `/imagine` holds for buttons and reactions, too."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.intake import command_rules
from deploy.sandbox.client import Message, SandboxError
from tests.bot.controls.test_buttons import press, told
from tests.bot.controls.test_reactions import told as told_by_dm
from tests.bot.harness import STARTER, UPSCALER, Harness, until
from worker.contract.message.layout import UNDER_MORE
from worker.contract.message.verbs import VERBS, Verb
from worker.contract.types.job import State

GUILD = "Studio"
READ = "GET /applications/{application}/guilds/{guild}/commands/{command}/permissions"
READS = "/applications/*/guilds/*/commands/*/permissions"
ASKING = [verb for verb, row in VERBS.items() if row.asks]


@pytest.fixture
async def drawing(harness: Harness) -> Harness:
    able = STARTER.model_copy(update={"operations": ("moments", "outpaint")})
    await harness.jobs.heartbeat("w", [able], 1, upscaler=UPSCALER)
    harness.bot.intake.live_models._read = float("-inf")  # not what was known a moment ago
    return harness


@pytest.fixture
def one_session(drawing: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py says two seconds after the log-in that a session began, in the midst of a test that takes longer."""
    monkeypatch.setattr(drawing.bot.intake.command_rules, "expire", lambda: None)


async def react(harness: Harness, message: Message, verb: Verb, person: str) -> str:
    await harness.discord.react(message, VERBS[verb].reactions[0], person)
    return await told_by_dm(harness, person)


async def push(harness: Harness, message: Message, verb: Verb, person: str) -> str:
    if verb is Verb.FORWARD:  # whose button is there where something began with a picture
        return await react(harness, message, verb, person)
    if verb in UNDER_MORE:
        panel = await harness.answer(await press(harness, message, Verb.MORE, person))
        return await told(harness, await harness.discord.press(panel, f"2:{verb}:", person))
    return await told(harness, await press(harness, message, verb, person))


Way = Callable[[Harness, Message, Verb, str], Awaitable[str]]


async def may(harness: Harness, message: Message, person: str = "cem") -> bool:
    """Whether this person's Rerun is not refused for the rules."""
    answer = await harness.answer(await press(harness, message, Verb.RERUN, person))
    return "do not let" not in answer.content


@pytest.mark.parametrize("way", [push, react])
@pytest.mark.parametrize("verb", ASKING)
@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"command": "imagine", "deny": ["cem"]}, "do not let you use `/imagine`"),
        ({"command": "imagine", "deny": ["@everyone"], "allow": ["Moderator"]}, "do not let you use `/imagine`"),
        ({"deny": ["@everyone"]}, "do not let you use `/imagine`"),
        ({"command": "imagine", "deny": ["#gallery"]}, "do not let `/imagine` be used in <#"),
        ({"deny": ["#"]}, "do not let `/imagine` be used in <#"),
    ],
    ids=["person", "all but a role", "all commands", "channel", "all channels"],
)
async def test_who_may_not_use_the_command_draws_in_no_other_way(
    drawing: Harness, way: Way, verb: Verb, rules: dict[str, Any], said: str
):
    first, message = await drawing.posted("bea", prompt="a red apple --draft")  # Enhance stands under drafts alone
    await drawing.discord.command_permissions(GUILD, **rules)
    with pytest.raises(SandboxError):
        await drawing.imagine("cem")
    answer = await way(drawing, message, verb, "cem")
    assert said in answer
    assert "Server settings → Integrations" in answer
    assert await drawing.all_jobs() == [first.id]
    assert await may(drawing, message, "ada")  # an administrator


@pytest.mark.parametrize("way", [push, react])
async def test_who_may_use_no_commands_of_apps_in_a_channel_does_not_draw_there(drawing: Harness, way: Way):
    first, message = await drawing.posted("bea")
    await drawing.discord.overwrite("gallery", "cem", deny=["USE_APPLICATION_COMMANDS"])
    assert "**Use Application Commands**" in await way(drawing, message, Verb.RERUN, "cem")
    assert await drawing.all_jobs() == [first.id]


async def test_what_draws_nothing_is_left_to_whom_it_belongs(drawing: Harness):
    job, message = await drawing.waiting("bea")
    await drawing.discord.command_permissions(GUILD, deny=["@everyone"])
    await press(drawing, message, Verb.CANCEL, "bea")
    assert await drawing.state(job.id) is State.CANCELLED


@pytest.mark.parametrize(("channel", "denied"), [("#gallery", True), ("#general", False)])
async def test_in_a_thread_the_rules_of_its_channel_hold(drawing: Harness, channel: str, denied: bool):
    thread = await drawing.discord.thread("bea", "apples", channel="gallery")
    asked = await drawing.imagine("bea", str(thread))
    message = await drawing.answer(asked)
    await press(drawing, message, Verb.CANCEL, "bea")
    await drawing.discord.command_permissions(GUILD, deny=[channel])
    assert await may(drawing, message, "cem") is not denied
    await drawing.discord.react(message, "🔁", "dua")
    if denied:
        assert "let `/imagine` be used in <#" in await told_by_dm(drawing, "dua")
    else:
        await until(drawing.all_jobs, lambda found: len(found) == 3)


async def test_what_admins_change_counts_at_once_and_is_read_once(drawing: Harness, one_session: None):
    _, message = await drawing.posted("bea")
    for denied in (["cem"], [], ["cem"]):
        assert await may(drawing, message, "dua")
        await drawing.discord.command_permissions(GUILD, "imagine", deny=denied)
        assert await may(drawing, message) is not bool(denied)
    assert (await drawing.discord.counts())[READ] == 2  # for the command, and for all


async def test_a_bot_that_was_started_later_reads_them(drawing: Harness, start_bot):
    _, message = await drawing.posted("bea")
    await drawing.discord.command_permissions(GUILD, deny=["cem"])
    await drawing.bot.close()
    await start_bot()
    assert not await may(drawing, message)


async def test_many_presses_are_one_look(drawing: Harness, one_session: None):
    _, message = await drawing.posted("bea")
    await asyncio.gather(*(may(drawing, message, person) for person in ("cem", "dua", "max", "eli")))
    assert (await drawing.discord.counts())[READ] == 2


@pytest.mark.parametrize("fault", [{"status": 403, "code": 50001}, {"status": 503}, {"drop": "before"}])
async def test_rules_that_cannot_be_read_stop_nobody_and_known_ones_stay(
    drawing: Harness, start_bot, monkeypatch, fault, caplog
):
    _, message = await drawing.posted("bea")
    await drawing.discord.rate_limits(False)
    await drawing.discord.command_permissions(GUILD, "imagine", deny=["cem"])
    await drawing.discord.fault("GET", READS, times=None, **fault)
    drawing.bot.intake.command_rules.expire()
    assert not await may(drawing, message)  # as it was told before
    await drawing.bot.close()
    monkeypatch.setattr(command_rules, "AGAIN", 0.0)
    await start_bot()
    assert await may(drawing, message)
    await until(lambda: asyncio.sleep(0, "Discord does not tell who may use commands" in caplog.text))
    await drawing.discord.clear_faults()
    await until(lambda: _refused(drawing, message))


async def _refused(harness: Harness, message: Message) -> bool:
    return not await may(harness, message)


async def test_a_discord_that_does_not_answer_holds_no_press_up(drawing: Harness, start_bot, monkeypatch):
    _, message = await drawing.posted("bea")
    await drawing.discord.command_permissions(GUILD, deny=["cem"])
    await drawing.bot.close()
    monkeypatch.setattr(command_rules, "PATIENCE", 0.01)
    await start_bot()
    await drawing.discord.fault("GET", READS, delay=0.3, times=None)
    assert await may(drawing, message)
    await until(lambda: _refused(drawing, message))  # once it has answered


async def test_what_an_event_tells_is_not_undone_by_an_older_answer(drawing: Harness, monkeypatch):
    _, message = await drawing.posted("bea")
    rules, go_on = drawing.bot.intake.command_rules, asyncio.Event()

    async def as_it_was_before(*_: object) -> list[Any]:
        await go_on.wait()
        return []

    monkeypatch.setattr(rules._interactions, "command_permissions", as_it_was_before)
    looking = asyncio.create_task(may(drawing, message, "dua"))
    await until(lambda: asyncio.sleep(0, len(rules._reading) == 2))
    reading = list(rules._reading.values())
    await drawing.discord.command_permissions(GUILD, deny=["cem"])
    await until(lambda: asyncio.sleep(0, len(rules._held) == 1))
    go_on.set()
    await asyncio.wait(reading)
    assert await looking
    assert not await may(drawing, message)


async def test_a_new_session_of_the_gateway_asks_anew(drawing: Harness):
    _, message = await drawing.posted("bea")
    assert await may(drawing, message)
    held = drawing.bot.intake.command_rules
    drawing.bot.dispatch("ready")  # as discord.py does after each new session
    await until(lambda: asyncio.sleep(0, {each.until for each in held._held.values()} == {0.0}))
