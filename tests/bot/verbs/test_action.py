from unittest.mock import NonCallableMock, create_autospec

import discord

from bot.intake.origin import Origin
from bot.verbs.action import Action
from worker.contract.message.job_message import card
from worker.contract.message.languages import ENGLISH
from worker.contract.types.destination import Destination
from worker.contract.types.job import Job, State
from worker.contract.types.request import Request

OWNER, OTHER = 111, 222


def job(prompt: str = "a red apple") -> Job:
    request = Request(prompt=prompt, model="starter", width=64, height=64, steps=1, guidance_scale=1, seed=1)
    return Job(
        id="1", state=State.POSTED, owner=OWNER, server="5", request=request,
        destination=Destination(channel=3), created=0, changed=0,
    )  # fmt: skip


def action(
    person: int, record: Job | None = None, *, content: str = "", asker: int | None = None, moderator: bool = False
) -> Action:
    message = create_autospec(discord.Message, instance=True)
    message.content = content
    message.interaction_metadata = None
    if asker is not None:
        message.interaction_metadata = NonCallableMock()
        message.interaction_metadata.user.id = asker
    origin = Origin(job="2", event="e", person=person, destination=Destination(channel=3))
    return Action("1", 3, 9, message, origin, moderator, record)


def test_the_record_decides_first():
    assert action(OTHER, job(), asker=OTHER).owner == OWNER


def test_without_a_record_discord_says_whose_command_it_was():
    assert action(OTHER, asker=OWNER, content=f"**x** — <@{OTHER}>").owner == OWNER


def test_else_the_message_itself_says_it():
    assert action(OTHER, content=card(job(), ENGLISH)["content"]).owner == OWNER


def test_a_prompt_cannot_forge_the_owner():
    forged = card(job(f"x** — <@{OTHER}>"), ENGLISH)["content"]
    assert action(OTHER, content=forged).owner == OWNER


def test_an_owner_that_nobody_can_tell_is_nobody():
    assert action(OWNER, content="hello").owner is None
