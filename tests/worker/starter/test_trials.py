"""Trials of denoisers: equal times, by turns, resumable, measured alike."""

import fcntl
import time
from dataclasses import replace

import pytest
import torch

from worker.starter import denoiser, loop
from worker.starter.__main__ import main
from worker.starter.forward import ForwardProcess, betas
from worker.starter.latent_cache import LatentCache
from worker.starter.loop import Length, Pace
from worker.starter.progress import read_losses
from worker.starter.recipe import Run
from worker.starter.trials import table, turns
from worker.starter.trials.pictures import Look
from worker.starter.trials.turns import Trial
from worker.starter.trials.variants import VARIANTS, Variant

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def cache(tokenizer) -> LatentCache:
    generator = torch.Generator().manual_seed(1)
    words = tokenizer(["a disc", "a bar"], padding="max_length", return_tensors="pt").input_ids
    return LatentCache(torch.randn(24, 16, 4, 4, generator=generator).half(), words.repeat(12, 1)[:, None])


def test_minutes_of_the_processor_are_its_own():
    """Time that others have, or that is waited, does not count."""
    assert Length(1, minutes=1, processor=True).clock is time.process_time
    assert Length(1, minutes=1).clock is time.monotonic


def test_a_pause_ends_a_run_in_peace_and_the_next_one_goes_on(tmp_path):
    model = torch.nn.Linear(1, 1)

    def error(_step: int) -> torch.Tensor:
        return (model(torch.ones(1, 1)) - 3).square().mean()

    first = loop.fit("line", tmp_path, model, error, Length(10, pause=0.5), Pace(0.1))
    whole = loop.fit("line", tmp_path, model, error, Length(10), Pace(0.1))
    assert (first.step, whole.step) == (5, 10)
    assert [step for step, _ in read_losses(tmp_path / "line-loss.csv")] == list(range(10))


def test_running_averages_of_several_lengths_are_kept_and_found_again(tmp_path):
    model = torch.nn.Linear(1, 1)
    made = {decay: torch.nn.Linear(1, 1) for decay in (0.5, 0.9)}

    def error(_step: int) -> torch.Tensor:
        return (model(torch.ones(1, 1)) - 3).square().mean()

    loop.fit("line", tmp_path, model, error, Length(40), Pace(0.1, average=0.5), made)
    ahead = [abs(each(torch.ones(1, 1)).item() - model(torch.ones(1, 1)).item()) for each in (made[0.5], made[0.9])]
    assert ahead[0] < ahead[1]
    again = {decay: torch.nn.Linear(1, 1) for decay in (0.5, 0.9)}
    loop.fit("line", tmp_path, torch.nn.Linear(1, 1), error, Length(40), Pace(0.1, average=0.5), again)
    for decay, average in made.items():
        assert torch.equal(average.weight, again[decay].weight)


@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_differs_from_the_plan_and_draws(name, tokenizer):
    variant, plan = VARIANTS[name], VARIANTS["plan"]
    assert name == "plan" or (variant.shape, variant.plan) != (plan.shape, plan.plan)
    small = replace(
        variant.shape,
        channels=tuple(width // 8 for width in variant.shape.channels),
        time_width=16,
        norm_groups=4,
        text_width=16,
        text_layers=1,
        heads=2,
    )
    model = denoiser.Denoiser(tokenizer, small)
    velocity = model(torch.randn(2, 16, 16, 16), torch.tensor([3, 700]), torch.zeros(2, 24, dtype=torch.long))
    assert velocity.shape == (2, 16, 16, 16)


def test_weights_of_noise_levels():
    forward = ForwardProcess.of(betas("quadratic", 1000, 0.00085, 0.02))
    steps = torch.arange(0, 1000, 50)
    snr = forward.snr(steps)
    even, capped, least = (forward.weight(steps, how).double() for how in ("even", "capped", "min-snr"))
    assert (even == 1).all()
    torch.testing.assert_close(capped * (snr + 1), (snr + 1).clamp(max=5), rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(least * (snr + 1), snr.clamp(max=5), rtol=1e-5, atol=1e-6)
    assert torch.equal(forward.weight(steps), forward.weight(steps, "capped"))


def test_turns_train_measure_and_go_on(cache, tokenizer, machine, tiny, tmp_path):
    seen, unseen = turns.split(cache, 4)
    assert (len(seen.latents), len(unseen.latents)) == (18, 6)
    plan = replace(VARIANTS["plan"].plan, batch=4, others=(0.5,), length=Length(12))
    variant = Variant("tiny", tiny, plan)
    run = Run(tmp_path, machine)
    run.__dict__["tokenizer"] = tokenizer  # learnt already
    folder = tmp_path / "tiny"
    folder.mkdir()
    first = turns.one_turn(run, seen, unseen, variant, folder, minutes=None)
    second = turns.one_turn(run, seen, unseen, variant, folder, minutes=None)
    assert turns.read(folder) == second
    assert (first.steps, second.steps) == (2, 4)
    assert second.turns == len(second.course) == 2
    turns.write(folder, replace(second, turns=turns.TURNS - 1))
    last = turns.one_turn(run, seen, unseen, variant, folder, minutes=None)
    assert set(second.averages) == {"0.995"}
    assert set(last.averages) == {"0.995", "0.5"}
    assert last.steps == 12
    assert second.course[-1] == second.averages["0.995"]
    assert len(second.bands) == turns.BANDS
    assert second.latents == 4 * second.steps


def test_the_error_is_measured_with_the_same_noise_each_time(cache, tokenizer, machine, tiny):
    torch.manual_seed(0)
    model = denoiser.Denoiser(tokenizer, tiny).eval()
    plan = denoiser.DenoiserPlan()
    once, again = (turns.errors(model, cache, plan, machine) for _ in range(2))
    assert once == again


def test_turns_go_to_the_one_that_had_fewest_and_never_to_one_that_is_held(tmp_path):
    for name, done in (("plan", 2), ("min-snr", 1), ("width-96", turns.TURNS)):
        (tmp_path / name).mkdir()
        turns.write(tmp_path / name, Trial(turns=done))
    names = ["plan", "min-snr", "width-96"]
    with turns.turn(tmp_path, names) as first, turns.turn(tmp_path, names) as second:
        assert (first, second) == ("min-snr", "plan")
        with turns.turn(tmp_path, names) as third:
            assert third is None
    with (tmp_path / "min-snr" / "lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with turns.turn(tmp_path, names) as free:
            assert free == "plan"


def test_the_table_puts_the_smallest_error_of_those_that_had_all_turns_first():
    look = Look(3.1, 2.9, 0.2, 0.01)
    far = Trial(turns.TURNS, 100, 60.0, 15_500_000, 32, [0.5, 0.4], {"0.995": 0.4, "0.99": 0.41}, [0.2, 0.4, 0.6])
    near = replace(far, averages={"0.995": 0.45, "0.98": 0.35})
    early = replace(far, turns=2, averages={"0.995": 0.3})
    trials = {"plan": far, "min-snr": near, "width-96": early}
    rows = table.markdown(trials, {"plan": look, "min-snr": look}).splitlines()
    assert rows[2].startswith(
        f"| {VARIANTS['min-snr'].words} | 15.5 M | 53.3 | 3,200 | 0.500 0.400 | 0.200 0.400 0.600 |"
    )
    assert "0.98: 0.3500" in rows[2]
    assert rows[3].startswith(f"| {VARIANTS['plan'].words} |")
    assert rows[4].startswith(f"| {VARIANTS['width-96'].words} (no more turns) |")
    assert rows[4].endswith("|  |  |")  # it was not drawn with
    assert "2.90 px" in rows[-1]


def test_an_unknown_variant_is_said_in_one_line(capsys, tmp_path):
    assert main(["trials", "--only", "wide", "--to", str(tmp_path), "--cache", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert "there is no variant 'wide'; there are plan, width-96" in said
    assert said.count("\n") == 1
