"""Which noise schedule to train with: short trainings that differ in nothing else, measured by what they draw."""

import json
import logging
from dataclasses import replace

from worker.starter import denoiser, evaluate, export
from worker.starter.data.scenes import held_out
from worker.starter.denoiser import DenoiserShape
from worker.starter.evaluate import Judge, Scores
from worker.starter.forward import ScheduleName
from worker.starter.loop import Length
from worker.starter.recipe import Run

log = logging.getLogger(__name__)

# For a few subjects: a trial of a minute on one core then draws what can be judged.
SMALL = DenoiserShape(channels=(64, 96, 128), time_width=128, text_width=128, text_layers=2)

SCHEDULES: tuple[ScheduleName, ...] = ("linear", "quadratic", "sigmoid", "cosine")


def compare(
    run: Run, judge: Judge | None, length: Length, prompts: int = 64, shape: DenoiserShape | None = None
) -> list[dict[str, object]]:
    """Train with every schedule, as it is and with zero terminal SNR, for `length` each, and score the pictures.

    Losses of different schedules cannot be compared, so pictures are. Each trial resumes from its own checkpoint in
    the run's folder `trials`; the table, a row for each, is also kept there as JSON.
    """
    folder = run.folder / "trials"
    cache = run.latent_cache()
    table: list[dict[str, object]] = []
    for schedule in SCHEDULES:
        for terminal_zero in (False, True):
            name = f"{schedule}{'-zero' if terminal_zero else ''}"
            plan = replace(denoiser.DenoiserPlan().on(run.machine), length=length)
            plan = replace(plan, schedule=schedule, terminal_zero=terminal_zero)
            model = denoiser.train(cache, run.tokenizer, plan, folder / name, run.machine, shape)
            row: dict[str, object] = {"schedule": schedule, "zero terminal SNR": terminal_zero}
            row |= _score(run, model, plan, judge, prompts)
            log.info("%s: %s", name, row)
            table.append(row)
    (folder / "table.json").write_text(json.dumps(table, indent=1) + "\n")
    return table


def _score(
    run: Run, model: denoiser.Denoiser, plan: denoiser.DenoiserPlan, judge: Judge | None, prompts: int
) -> dict[str, float]:
    known = run.composer.vocabulary
    sampler = export.scheduler(plan.schedule, terminal_zero=plan.terminal_zero)
    pipe = (
        export.PipelineParts(model, run.trained_autoencoder(), run.tokenizer, sampler).pipeline().to(run.machine.device)
    )
    pipe.set_progress_bar_config(disable=True)
    scores: Scores = evaluate.score(pipe, known, evaluate.prompts(known, held_out(known), prompts), judge)
    return scores.to_json()
