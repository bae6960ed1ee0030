"""The whole recipe: drawings → autoencoder → tokenizer and latent cache → denoiser → decoder, and the two side stages.

Each stage resumes where it was stopped and is left alone once it is done, so one command may be given again and again.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL
from transformers import CLIPTextModel, CLIPTokenizer

from worker.starter import (
    autoencoder,
    captions,
    checkpoints,
    classifier,
    denoiser,
    export,
    held_out,
    latent_cache,
    polish,
    text_pretraining,
    tokenizer,
    upscaler,
)
from worker.starter.data import choice, emoji_art, limited, scenes
from worker.starter.data.compose import Composer, composer_of
from worker.starter.data.emoji_art import Edition
from worker.starter.data.packages import DataError
from worker.starter.data.scenes import Ints
from worker.starter.denoiser import Denoiser, DenoiserShape
from worker.starter.export import PipelineParts
from worker.starter.latent_cache import LatentCache, LatentCachePlan
from worker.starter.loop import Length, Pace
from worker.starter.machine import Machine

log = logging.getLogger(__name__)

# Names of stages, and of their folders beside checkpoints that are there already: these stay as they are.
LATENTS, _TEXT = "bank", text_pretraining.STAGE
_ALONE = "alone"  # also the folder of its scenes
_POLISHED = "vae-polished"  # with a decoder that was trained for longer
_FOCUS = "focus"  # an empty file: the denoiser went on with some of the styles

# Shares of the minutes when all stages share a budget. The denoiser learns longest; what is left over goes to work
# that is not training (rendering, the latent cache).
SHARES = {"autoencoder": 0.20, _TEXT: 0.05, "denoiser": 0.51, "decoder": 0.07, "classifier": 0.05, "upscaler": 0.04}
_GENTLER = 2 / 3  # of the learning rate, for weights whose rate has fallen once
_CAPTIONS_TO_LEARN_WORDS = 60_000


@dataclass
class Run:
    """One training in a cache folder.

    Args:
        cache: data and, in a folder for each choice of subjects, checkpoints.
        machine: where to compute.
        steps: length of every stage that is run, instead of the plan's.
        minutes: length of every stage in minutes, or of all stages together when `train_all` runs them.
        workers: processes that render.
        subjects: which to learn: `all`, or a name of `choice.CHOICES`.
        encoder: folder of a trained autoencoder whose latents are taken as they are; its decoder alone is trained.
        shape: sizes of UNet and text encoder; a folder holds checkpoints of one shape.
        edition: of the data; a folder holds checkpoints of one edition.
    """

    cache: Path
    machine: Machine
    steps: int | None = None
    minutes: float | None = None
    workers: int = 1
    subjects: str = choice.ALL
    encoder: Path | None = None
    shape: DenoiserShape = field(default_factory=DenoiserShape)
    edition: Edition = emoji_art.FOUR

    @property
    def folder(self) -> Path:
        """Where checkpoints lie."""
        channels = self.shape.channels
        trial = "" if channels == DenoiserShape().channels else "-" + "-".join(map(str, channels))
        subjects = "" if self.subjects == choice.ALL else f"-{self.subjects}"
        edition = "" if self.edition == emoji_art.FOUR else f"-{self.edition}"
        return self.cache / f"run-256{subjects}{edition}{trial}"

    @cached_property
    def composer(self) -> Composer:
        """The drawings of the subjects to learn, on the machine's device."""
        loaded = emoji_art.load(self.cache, self.workers, self.edition)
        if self.subjects == choice.ALL:
            return composer_of(loaded, device=self.machine.device)
        kept, known = limited.limit(loaded.vocabulary, choice.CHOICES[self.subjects])
        return composer_of(loaded, kept, known, self.machine.device)

    @cached_property
    def seen_subjects(self) -> Ints:
        """The subjects that the autoencoder learns from; it is measured on the others."""
        return scenes.unseen_subjects(self.composer.vocabulary)[0]

    @cached_property
    def tokenizer(self) -> CLIPTokenizer:
        """The tokenizer of this run, learnt on first use."""
        folder = self.folder / "tokenizer"
        if folder.exists():
            return CLIPTokenizer.from_pretrained(folder)
        rng = np.random.default_rng(0)
        vocabulary = self.composer.vocabulary
        drawn = scenes.draw(rng, _CAPTIONS_TO_LEARN_WORDS, vocabulary)
        texts = (captions.caption(drawn, row, vocabulary, rng) for row in range(len(drawn)))
        return tokenizer.learn(texts, folder, 3600 if self.subjects == choice.ALL else 2400)

    def length(self, planned: Length) -> Length:
        """Return how long a stage takes in this run."""
        if self.steps is None and self.minutes is None:
            return planned
        return Length(self.steps or planned.steps, self.minutes)

    def autoencoder(self) -> AutoencoderKL:
        """Train the autoencoder, centre its latents and keep it; or take the one that is given."""
        done = self.folder / "vae"
        if done.exists():
            return self._opened(done)
        if self.encoder:
            model = self._opened(self.encoder)
            model.register_to_config(sample_size=self.composer.size)
        else:
            plan = autoencoder.AutoencoderPlan().on(self.machine)
            plan = replace(plan, length=self.length(plan.length))
            model = autoencoder.train(
                self.composer, plan, self.folder / "autoencoder", self.machine, subjects=self.seen_subjects
            )
            latent_cache.centre(model, self.composer)
        preview = latent_cache.preview_matrix(model, self.composer)
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / export.PREVIEW).write_text(json.dumps(preview))
        model.save_pretrained(done)
        return model

    def denoiser(self) -> Denoiser:
        """Train UNet and text encoder on the latents of the trained autoencoder."""
        return self._train_denoiser(self.latent_cache())

    def focus(self) -> Denoiser:
        """Let the denoiser go on with what it is asked for most, told to the last word: `latent_cache.retell`."""
        styles = limited.styles_offered(self.composer.vocabulary)
        (self.folder / _FOCUS).touch()
        cache = latent_cache.retell(self.latent_cache(), self.composer, self.tokenizer, self._cache_plan(), styles)
        return self._train_denoiser(cache)

    def alone(self) -> Denoiser:
        """Let the denoiser go on with each thing as the engine asks for it: `latent_cache.ALONE`."""
        (self.folder / _FOCUS).touch()
        plan = denoiser.DenoiserPlan().on(self.machine)
        pace = replace(plan.pace, learning_rate=plan.pace.learning_rate * _GENTLER)
        return self._train_denoiser(self._latent_cache(_ALONE, latent_cache.ALONE), pace)

    def _train_denoiser(self, cache: LatentCache, pace: Pace | None = None) -> Denoiser:
        plan = denoiser.DenoiserPlan().on(self.machine)
        plan = replace(plan, length=self.length(plan.length), pace=pace or plan.pace)
        text = text_pretraining.load(self.folder / _TEXT, self.tokenizer, self.shape)
        return denoiser.train(cache, self.tokenizer, plan, self.folder / "denoiser", self.machine, self.shape, text)

    def text_encoder(self) -> CLIPTextModel:
        """Train the text encoder alone, before the denoiser goes on with it."""
        plan = text_pretraining.TextPretrainingPlan().on(self.machine)
        plan = replace(plan, length=self.length(plan.length))
        return text_pretraining.train(
            self.latent_cache(), self.tokenizer, plan, self.folder / _TEXT, self.machine, self.shape
        )

    def latent_cache(self) -> LatentCache:
        """The scenes that the denoiser learns from, encoded by the trained autoencoder."""
        return self._latent_cache(LATENTS, self._cache_plan())

    def _latent_cache(self, folder: str, plan: LatentCachePlan) -> LatentCache:
        return latent_cache.build(
            self.trained_autoencoder(), self.composer, self.tokenizer, plan, self.folder / folder, self.machine
        )

    def _cache_plan(self) -> LatentCachePlan:
        plan = LatentCachePlan().on(self.machine)
        return plan if self.composer.second is None else plan.with_second_drawings()

    def decoder(self) -> AutoencoderKL:
        """Train the decoder alone for longer: latents and denoiser stay valid."""
        plan = autoencoder.AutoencoderPlan(
            length=Length(3000), pace=replace(autoencoder.AutoencoderPlan().pace, learning_rate=6e-4), seed=5
        ).on(self.machine)
        plan = replace(plan, length=self.length(plan.length), latent_noise=0.12, latent_pull=0.0)
        if self.encoder:  # which may look at whole pictures, with attention, and was trained before
            plan = replace(plan, crop=0, batch=4, pace=replace(plan.pace, learning_rate=3e-4))
        model = autoencoder.train(
            self.composer, plan, self.folder / "decoder", self.machine, self.trained_autoencoder(), self.seen_subjects
        )
        model.save_pretrained(self.folder / _POLISHED)
        return model

    def polish(self) -> AutoencoderKL:
        """Let the decoder go on with latents as the denoiser draws them: `polish`."""
        plan = polish.PolishPlan()
        plan = replace(plan, length=self.length(plan.length))
        model = self._opened(self._best_autoencoder())
        pipe = self._parts(model).pipeline().to(self.machine.device)
        pipe.set_progress_bar_config(disable=True)
        drawn = polish.draw(pipe, self.composer, plan, self.folder / "drawn")
        model = polish.train(
            model, drawn, self.composer, plan, self.folder / polish.STAGE, self.machine, self.seen_subjects
        )
        model.save_pretrained(self.folder / _POLISHED)
        return model

    def classifier(self) -> classifier.Classifier:
        """Train the judge of the evaluation."""
        plan = classifier.ClassifierPlan().on(self.machine)
        plan = replace(plan, length=self.length(plan.length))
        return classifier.train(self.composer, plan, self.folder / "classifier", self.machine)

    def upscaler(self) -> None:
        """Train the upscaler."""
        plan = upscaler.UpscalerPlan().on(self.machine)
        plan = replace(plan, length=self.length(plan.length))
        pieces = upscaler.pieces(emoji_art.drawings(self.cache), plan, self.cache / "pieces.npy", self.workers)
        upscaler.train(pieces, plan, self.folder / "upscaler", self.machine)

    @property
    def stages(self) -> dict[str, Callable[[], object]]:
        """All stages by the names that `--stage` takes, in their order."""
        return {
            "autoencoder": self.autoencoder,
            LATENTS: self.latent_cache,
            _TEXT: self.text_encoder,
            "denoiser": self.denoiser,
            "focus": self.focus,
            _ALONE: self.alone,
            "decoder": self.decoder,
            polish.STAGE: self.polish,
            "classifier": self.classifier,
            "upscaler": self.upscaler,
        }

    def train_all(self) -> None:
        """Run all stages; `minutes` are shared among them."""
        for name, share in SHARES.items():
            part = replace(self, minutes=None if self.minutes is None else self.minutes * share)
            log.info("stage %s%s", name, "" if part.minutes is None else f", {part.minutes:.1f} minutes")
            part.stages[name]()

    def export(self, folder: Path) -> int:
        """Write what has been trained so far (the running average) to `folder`; returns its number of steps."""
        mark = checkpoints.done(self.folder / "denoiser")
        if not mark.step:
            raise DataError(f"nothing is trained in {self.cache} yet: run `python -m worker.starter train` first")
        parts = self._parts(self._opened(self._best_autoencoder()).cpu())
        preview = json.loads((self.folder / export.PREVIEW).read_text())
        known = emoji_art.all_drawings(self.cache, self.edition).vocabulary
        if self.subjects != choice.ALL:
            _, known = limited.limit(known, choice.CHOICES[self.subjects])
        unseen = held_out.read(self.folder, known)
        focused = (self.folder / _FOCUS).exists()
        styles = limited.styles_offered(known) if focused else dict(enumerate(known.styles))
        subjects = self.composer.measured([*styles])
        known = replace(
            known,
            subjects=subjects,
            styles=tuple(styles.values()),
            paints=latent_cache.paints_in(self.folder / LATENTS),
            usual_sentence=focused,
        )
        export.export(parts, known, preview, unseen[np.array([*styles])], folder)
        log.info("exported step %d to %s", mark.step, folder)
        return mark.step

    def _parts(self, model: AutoencoderKL) -> PipelineParts:
        plan = denoiser.DenoiserPlan()
        return PipelineParts(
            model=denoiser.load_average(self.folder / "denoiser", self.tokenizer, self.shape),
            autoencoder=model,
            tokenizer=self.tokenizer,
            scheduler=export.scheduler(plan.schedule, terminal_zero=plan.terminal_zero),
        )

    def trained_autoencoder(self) -> AutoencoderKL:
        """Return the autoencoder whose latents the denoiser learns.

        Raises:
            DataError: when it is not trained yet.
        """
        done = self.folder / "vae"
        if not done.exists():
            raise DataError("this stage needs the autoencoder's: train that first, or all stages")
        return self._opened(done)

    def _best_autoencoder(self) -> Path:
        polished = self.folder / _POLISHED
        return polished if polished.exists() else self.folder / "vae"

    def _opened(self, folder: Path) -> AutoencoderKL:
        return (
            AutoencoderKL.from_pretrained(folder, dtype=torch.float32)
            .eval()
            .requires_grad_(False)
            .to(self.machine.device)
        )
