"""What touched a message: its own calls and events in their order, and nobody else's."""

import io

import discord

from deploy.sandbox.client import SandboxClient
from deploy.sandbox.server import Sandbox
from deploy.sandbox.state.model import Json
from tests.deploy.sandbox.parts import INTENTS, RED, Bot, Connect


def drawing_bot() -> Bot:
    bot = Bot()

    class Again(discord.ui.View):
        @discord.ui.button(label="Rerun", custom_id="rerun")
        async def rerun(self, interaction: discord.Interaction, _: discord.ui.Button["Again"]) -> None:
            await interaction.response.send_message("again")

    @bot.tree.command()
    async def draw(interaction: discord.Interaction, prompt: str) -> None:
        await interaction.response.defer(thinking=True)
        await interaction.edit_original_response(
            content=prompt, attachments=[discord.File(io.BytesIO(RED), "a.png")], view=Again()
        )

    return bot


def steps(trace: list[Json]) -> list[str]:
    return [each["event"] if each["kind"] == "gateway" else f"{each['method']} {each['status']}" for each in trace]


async def test_the_story_of_a_message(connect: Connect, sandbox: SandboxClient) -> None:
    await connect(drawing_bot())
    await sandbox.slash("gallery", "Cem", "draw", {"prompt": "another one"})
    asked = await sandbox.slash("gallery", "Bea", "draw", {"prompt": "a red apple"})
    done = await sandbox.wait_message("gallery", lambda message: message.content == "a red apple")
    await sandbox.press(done, "rerun", "Dua")
    await sandbox.react(done, "🔁", "Cem")
    reply = await sandbox.wait_message("gallery", lambda message: message.content == "again")
    trace = await sandbox.trace(done)
    numbers = [each["number"] for each in trace]
    assert numbers == sorted(set(numbers))
    assert steps(trace) == [
        "INTERACTION_CREATE", "MESSAGE_CREATE", "POST 200", "MESSAGE_UPDATE", "PATCH 200",
        "INTERACTION_CREATE", "POST 200", "MESSAGE_REACTION_ADD",
    ]  # fmt: skip
    assert trace[0]["data"]["id"] == str(asked.id)
    assert trace[0]["sent"]
    assert trace[4]["files"] == [f"a.png ({len(RED)} bytes)"]
    assert steps(await sandbox.trace(reply)) == ["INTERACTION_CREATE", "MESSAGE_CREATE", "POST 200"]
    assert sandbox.info.token not in str(trace)


async def test_events_that_wait_for_a_session_to_resume_are_told_as_not_sent(
    box: Sandbox, sandbox: SandboxClient
) -> None:
    box.hub.open(0, 1, INTENTS.value)  # a session whose connection was cut
    said = await sandbox.say("gallery", "Cem", "psst")
    [told] = await sandbox.trace(said)
    assert (told["event"], told["shard"], told["sent"]) == ("MESSAGE_CREATE", 0, False)
    assert told["data"]["content"] == ""  # without the message content intent
