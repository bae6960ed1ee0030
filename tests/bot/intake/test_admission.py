"""How a request becomes a job, whatever Redis says of it."""

from typing import cast
from unittest.mock import AsyncMock, Mock, create_autospec

import pytest

from bot.discord_io.direct import DirectMessages
from bot.discord_io.interactions import Interactions
from bot.discord_io.messages import Messages
from bot.errors import AlreadyAsked, Forgotten, NoUpscaler, OverCap
from bot.intake.admission import Enlarging, Intake
from bot.intake.command_rules import CommandRules
from bot.intake.live_models import LiveModels
from bot.intake.origin import Origin
from bot.intake.policies import Policies
from bot.layers import OPERATOR, SERVER, Value
from bot.limit_errors import OverLimit, Paused, SettingsChanging
from bot.policy.limits import Policy
from worker.contract.log_lines import job_at_hand
from worker.contract.message.languages import ENGLISH
from worker.contract.store.jobs import AdmissionLimit, Admitted, Jobs, Refused, Seen, Stale
from worker.contract.types.destination import Destination
from worker.contract.types.job import State
from worker.contract.types.model_info import ModelInfo, UpscalerInfo
from worker.contract.types.request import Request, Upscale
from worker.contract.types.upscale_source import UpscaleSource

MODEL = ModelInfo(id="starter", title="Starter", side_min=64, factor=3.5)
ASKED = Request(prompt="x", model="starter", width=64, height=64, steps=20, guidance_scale=7, seed=1)
LARGER = ASKED.enlarged(Upscale(upscaler="u", scale=2, width=64, height=64))
UPSCALER = UpscalerInfo(id="u", title="x2", scale=2, pixels_max=10**6)
POLICY = Policy(each={
    "pictures": Value(2, OPERATOR), "at_once": Value(3, SERVER), "day_gpu_seconds": Value(0.003, SERVER),
})  # fmt: skip
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
    rules, direct = create_autospec(CommandRules, instance=True), create_autospec(DirectMessages, instance=True)
    policies = create_autospec(Policies, instance=True)
    policies.of = AsyncMock(return_value=POLICY)
    return Intake(jobs, live_models, policies, interactions, messages, direct, {}, rules, ENGLISH)


async def test_what_was_accepted_is_shown_as_it_stands(intake: Intake, jobs: Mock) -> None:
    job = await intake.accept(origin(), ASKED, "imagine")
    assert (job.id, job.state, job.owner, job.server, job.place, job.eta) == ("1", State.QUEUED, 7, "5", 2, 30.0)
    assert job_at_hand.get() == job.id  # so each line of this event's task says it
    ((new, caps), _) = jobs.admit.await_args
    assert (new.factor, new.request, caps) == (3.5, ASKED, POLICY.caps)


async def test_a_direct_message_is_a_server_of_one(intake: Intake) -> None:
    assert (await intake.accept(origin(server=None), ASKED, "imagine")).server == "dm-7"


async def test_policy_decides_before_anything_is_admitted(intake: Intake, jobs: Mock) -> None:
    with pytest.raises(OverLimit):
        await intake.accept(origin(), ASKED.model_copy(update={"count": 3}), "imagine")
    jobs.admit.assert_not_awaited()


@pytest.mark.parametrize("why", list(AdmissionLimit))
async def test_a_refusal_carries_its_limit(intake: Intake, jobs: Mock, why: AdmissionLimit) -> None:
    jobs.admit.return_value = Refused(why, 3, 3)
    with pytest.raises(OverCap) as caught:
        await intake.accept(origin(), ASKED, "imagine")
    own = why in {AdmissionLimit.PERSON, AdmissionLimit.DAY_GPU}  # what the policy below has from the server
    assert caught.value.layer == (SERVER if own else OPERATOR)


async def test_settings_that_changed_meanwhile_are_read_again(intake: Intake, jobs: Mock) -> None:
    jobs.admit.side_effect = [Stale(), Stale(), Admitted("1", 2)]
    cast("Mock", intake.policies).of.side_effect = [POLICY, POLICY, Policy(total=7)]
    await intake.accept(origin(), ASKED, "imagine")
    assert [caps.total for _, caps in (call.args for call in jobs.admit.await_args_list)] == [500, 500, 7]


async def test_a_policy_that_was_resolved_already_is_asked_for_again_only_where_it_no_longer_holds(
    intake: Intake, jobs: Mock
) -> None:
    policies = cast("Mock", intake.policies)
    policies.of.return_value = Policy(total=7)
    jobs.admit.side_effect = [Admitted("1", 2), Stale(), Admitted("2", 3)]
    await intake.accept(origin(), ASKED, "imagine", POLICY)
    policies.of.assert_not_awaited()
    await intake.accept(origin(), ASKED, "imagine", POLICY)
    assert [caps.total for _, caps in (call.args for call in jobs.admit.await_args_list)] == [500, 500, 7]


async def test_settings_that_change_without_end_end_a_request(intake: Intake, jobs: Mock) -> None:
    jobs.admit.return_value = jobs.may_ask.return_value = Stale()
    for ask in (intake.accept(origin(), ASKED, "imagine"), intake.check_start(origin())):
        with pytest.raises(SettingsChanging):
            await ask
    assert jobs.admit.await_count == 4


async def test_who_may_ask_for_nothing_is_told_before_anything_is_looked_at(intake: Intake, jobs: Mock) -> None:
    cast("Mock", intake.policies).of.return_value = Policy(shut=Paused(SERVER, "lunch"))
    for ask in (intake.accept(origin(), ASKED, "imagine"), intake.check_start(origin())):
        with pytest.raises(Paused):
            await ask
    jobs.admit.assert_not_awaited()
    jobs.may_ask.assert_not_awaited()


async def test_an_upscaler_that_went_just_now_is_told_as_such(intake: Intake, jobs: Mock) -> None:
    jobs.admit.return_value = Refused(AdmissionLimit.MODEL)
    with pytest.raises(NoUpscaler):
        await intake.admit(origin(), LARGER, "upscale", UPSCALER, Enlarging(SOURCE))


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
