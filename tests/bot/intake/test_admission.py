"""How a request becomes a job, whatever Redis says of it."""

from unittest.mock import AsyncMock, Mock, create_autospec

import pytest

from bot.discord_io.interactions import Interactions
from bot.discord_io.messages import Messages
from bot.errors import AlreadyAsked, Forgotten, NoUpscaler, OverCap, TooManyPictures
from bot.intake.admission import Intake
from bot.intake.command_rules import CommandRules
from bot.intake.live_models import LiveModels
from bot.intake.origin import Origin
from bot.policy.limits import Policy
from worker.contract.message.languages import ENGLISH
from worker.contract.store.jobs import AdmissionLimit, Admitted, Jobs, Refused, Seen
from worker.contract.types.destination import Destination
from worker.contract.types.job import State
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.request import Request, Upscale
from worker.contract.types.upscale_source import UpscaleSource

MODEL = ModelInfo(id="starter", title="Starter", side_min=64, factor=3.5)
ASKED = Request(prompt="x", model="starter", width=64, height=64, steps=20, guidance_scale=7, seed=1)
LARGER = ASKED.enlarged(Upscale(upscaler="u", scale=2, width=64, height=64))
SOURCE = UpscaleSource(channel=3, message=4, index=0, link="https://cdn.discordapp.com/attachments/1/2/a.png")


def origin(server: int | None = 5) -> Origin:
    return Origin(job="1", event="press:1", person=7, destination=Destination(channel=3, server=server))


@pytest.fixture
def jobs() -> Mock:
    made: Mock = create_autospec(Jobs, instance=True)
    made.admit = AsyncMock(return_value=Admitted("1", 2, 30.0))
    made.get = AsyncMock(return_value=None)
    return made


@pytest.fixture
def intake(jobs: Mock) -> Intake:
    live_models = create_autospec(LiveModels, instance=True)
    live_models.need = AsyncMock(return_value=MODEL)
    interactions, messages = create_autospec(Interactions, instance=True), create_autospec(Messages, instance=True)
    rules = create_autospec(CommandRules, instance=True)
    return Intake(jobs, live_models, Policy(count_max=2), interactions, messages, {}, rules, ENGLISH)


async def test_what_was_accepted_is_shown_as_it_stands(intake: Intake, jobs: Mock) -> None:
    job = await intake.accept(origin(), ASKED, "imagine")
    assert (job.id, job.state, job.owner, job.server, job.place, job.eta) == ("1", State.QUEUED, 7, "5", 2, 30.0)
    ((new, caps), _) = jobs.admit.await_args
    assert (new.factor, new.request, caps) == (3.5, ASKED, intake.policy.caps)


async def test_a_direct_message_is_a_server_of_one(intake: Intake) -> None:
    assert (await intake.accept(origin(server=None), ASKED, "imagine")).server == "dm-7"


async def test_policy_decides_before_anything_is_admitted(intake: Intake, jobs: Mock) -> None:
    with pytest.raises(TooManyPictures):
        await intake.accept(origin(), ASKED.model_copy(update={"count": 3}), "imagine")
    jobs.admit.assert_not_awaited()


@pytest.mark.parametrize("why", list(AdmissionLimit))
async def test_a_refusal_carries_its_limit(intake: Intake, jobs: Mock, why: AdmissionLimit) -> None:
    jobs.admit.return_value = Refused(why, 3, 3)
    with pytest.raises(OverCap):
        await intake.accept(origin(), ASKED, "imagine")


async def test_an_upscaler_that_went_just_now_is_told_as_such(intake: Intake, jobs: Mock) -> None:
    jobs.admit.return_value = Refused(AdmissionLimit.MODEL)
    with pytest.raises(NoUpscaler):
        await intake.admit(origin(), LARGER, "upscale", 1.0, SOURCE)


async def test_the_same_event_is_answered_with_its_job_and_another_press_is_told_so(intake: Intake, jobs: Mock) -> None:
    accepted = await intake.accept(origin(), ASKED, "imagine")
    jobs.admit.return_value = Seen("1")
    with pytest.raises(Forgotten):
        await intake.accept(origin(), ASKED, "imagine")
    jobs.get.return_value = accepted
    assert await intake.accept(origin(), ASKED, "imagine") == accepted
    jobs.admit.return_value = Seen("2")
    with pytest.raises(AlreadyAsked):
        await intake.accept(origin(), ASKED, "imagine")
