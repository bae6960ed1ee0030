from unittest.mock import AsyncMock, create_autospec

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from bot.errors import NothingLive, NoUpscaler, TooLarge, UnknownModel
from bot.intake.live_models import LiveModels
from bot.layers import SERVER, Value
from bot.limit_errors import NotAllowed
from bot.policy.limits import Policy
from worker.contract.store.jobs import Jobs
from worker.contract.types.model_info import ModelInfo, UpscalerInfo
from worker.contract.types.server_settings import Usual

MODELS = [ModelInfo(id="sdxl", title="SDXL"), ModelInfo(id="starter", title="Starter")]


@pytest.fixture
def jobs() -> Jobs:
    made = create_autospec(Jobs, instance=True)
    made.models = AsyncMock(return_value=MODELS)
    return made


async def test_found_by_id_or_title_in_any_case_and_the_first_for_nothing(jobs):
    live_models = LiveModels(jobs)
    assert [(await live_models.need(name)).id for name in ("STARTER", " SdXl ", "")] == ["starter", "sdxl", "sdxl"]


async def test_redis_is_asked_once_for_several_questions(jobs):
    live_models = LiveModels(jobs)
    for _ in range(5):
        await live_models.suggest("s", 1)
    jobs.models.assert_awaited_once()


async def test_an_unknown_name_lists_what_there_is(jobs):
    with pytest.raises(UnknownModel) as caught:
        await LiveModels(jobs).need("flux")
    assert caught.value.titles == ("SDXL", "Starter")


async def test_a_default_that_nobody_draws_with_is_logged_once_and_the_first_serves(jobs, monkeypatch, caplog):
    monkeypatch.setattr("bot.intake.live_models._FRESH", -1.0)
    live_models = LiveModels(jobs)
    assert [(await live_models.default(Policy(model=name))).id for name in ("starter", "", "flux", "flux")] == [
        "starter", "sdxl", "sdxl", "sdxl",
    ]  # fmt: skip
    (said,) = (each.getMessage() for each in caplog.records)
    assert said.startswith("EASEL_MODEL is 'flux', which no running worker draws with")
    assert "'sdxl'" in said
    jobs.models.return_value = []
    with pytest.raises(NothingLive):
        await live_models.default(Policy(model="flux"))


async def test_people_who_choose_none_get_what_they_may_use_and_admins_choices_are_not_logged(jobs, caplog):
    live_models = LiveModels(jobs)
    only = {"models": Value(("starter",), SERVER)}
    assert (await live_models.default(Policy(each=only))).id == "starter"
    assert (await live_models.default(Policy(each=only, model="sdxl"))).id == "starter"
    with pytest.raises(NotAllowed) as caught:
        await live_models.default(Policy(each={"models": Value(("flux",), SERVER)}))
    assert (caught.value.asked, caught.value.limit.value) == ("", ("flux",))
    assert (await live_models.default(Policy(model="flux", usual=Usual(model="flux")))).id == "sdxl"
    assert caplog.text == ""


async def test_in_place_of_a_model_that_there_is_none_of_those_are_named_that_may_be_used(jobs):
    with pytest.raises(UnknownModel) as caught:
        await LiveModels(jobs).need("flux", lambda model: model == "starter")
    assert caught.value.titles == ("Starter",)


async def test_nothing_live(jobs):
    jobs.models.return_value = []
    with pytest.raises(NothingLive):
        await LiveModels(jobs).need("starter")


async def test_suggestions_match_any_part_and_survive_redis(jobs, monkeypatch):
    monkeypatch.setattr("bot.intake.live_models._FRESH", -1.0)
    live_models = LiveModels(jobs)
    assert [each.id for each in await live_models.suggest("XL", 1)] == ["sdxl"]
    jobs.models.side_effect = RedisConnectionError
    assert [each.id for each in await live_models.suggest("", 1)] == ["sdxl", "starter"]
    with pytest.raises(RedisConnectionError):
        await live_models.models()


async def test_the_upscaler_is_one_that_takes_pictures_of_the_size(jobs):
    small, large = (UpscalerInfo(id=f"u{side}", title="x2", scale=2, pixels_max=side**2) for side in (200, 400))
    jobs.upscalers = AsyncMock(return_value=[small, large])
    live_models = LiveModels(jobs)
    assert await live_models.upscaler(100, 100) == small
    assert await live_models.upscaler(150, 150) == large
    with pytest.raises(TooLarge):
        await live_models.upscaler(201, 200)
    jobs.upscalers.return_value = []
    with pytest.raises(NoUpscaler):
        await live_models.upscaler(10, 10)
