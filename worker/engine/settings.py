"""Every variable the engine reads, from the environment and `.env`."""

import contextlib
import os
import re
from pathlib import Path
from typing import Annotated, Literal

from dotenv import dotenv_values
from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from worker.contract.log_lines import LogFormat
from worker.contract.private_files import ENV_FILE
from worker.contract.setting_files import FiledSettings
from worker.settings import ENGINE_SOCKET

CATALOGUE = Path(__file__).with_name("models.toml")
UPSCALER = Path(__file__).parents[1] / "starter" / "x4.safetensors"
_MEGAPIXEL = 1_000_000
_OF_HUB = "HF_"


def take_up_hub_variables() -> None:
    """Put what `.env` says for the Hub's client (HF_TOKEN, HF_HOME …) into the environment, which goes before it.

    The client reads them when it is imported.
    """
    with contextlib.suppress(OSError, UnicodeDecodeError):  # the settings complain about such a file
        for name, value in dotenv_values(ENV_FILE).items():
            if name.startswith(_OF_HUB) and value:
                os.environ.setdefault(name, value)


class EngineSettings(FiledSettings):
    """The engine's settings; the variable is the field's name in capitals after `EASEL_`.

    Attributes:
        engine: `real` draws with torch; `fake` draws test pictures without a model.
        engine_socket: Unix socket, at most 100 characters, in a folder of the engine's own.
        models: a catalogue whose models come before those of `CATALOGUE`, which ships.
        models_folder: checkpoints and LoRAs that are put here are offered besides, while the engine runs; None: none.
        upscaler: a super-resolution network's .safetensors, or `off`.
        upscale_megapixels: size of the largest picture that upscaling may make; 20 is what the wire holds uncompressed.
        device: `auto`, `cpu`, `mps`, `cuda` or `cuda:1`.
        dtype: `auto` or one of the three.
        threads: of torch on the CPU; 0 leaves it to torch.
        batch: pictures drawn at once; 0: as many as are worth it.
        exact: 1: the same recipe gives the very same pixels on this machine, alone and beside others.
        measured: file that keeps how much at once is worth it; None: beside the socket.
        engine_waiting: renders accepted beyond the first; they are drawn together with it, or wait. `auto`: as many as
            are worth drawing together, and one more when the device will soon be free.
        models_held: pipelines kept in memory at most; 0: as many as fit.
        idle_unload: minutes without a render after which models leave memory; 0: never.
        budget_load, budget_encode, budget_step, budget_decode: seconds a phase may take; of
            steps, and of the tiles of an upscale, each.
        budget_grace: seconds after which a phase that still hangs ends the process.
        breaker_after: jobs of one model that must fail in a row, by no fault of theirs, before it rests; 0: never.
        breaker_rest, breaker_rest_max: seconds of its first rest, doubled for each further one, and at most.
        recycle_mib: MiB of memory beyond which an idle engine ends, to be started anew; 0: never.
        client_stall: seconds without a byte taken after which a stuck client is cut.
        log_level: prompts are logged at DEBUG only.
        log_format: `json` for programs.
        drain: seconds that a running render gets at SIGTERM.
        fake_step_ms: how long a step of the fake engine takes.
        fake_together: renders that the fake engine draws at once.
    """

    model_config = SettingsConfigDict(env_prefix="EASEL_", env_file=".env", env_ignore_empty=True, extra="ignore")

    engine: Literal["real", "fake"] = "real"
    engine_socket: Path = ENGINE_SOCKET
    models: Path = CATALOGUE
    models_folder: Path | None = None
    upscaler: Path = UPSCALER
    upscale_megapixels: float = Field(default=17, ge=0.1, le=20)
    device: str = "auto"
    dtype: Literal["auto", "float32", "float16", "bfloat16"] = "auto"
    threads: int = Field(default=0, ge=0, le=1024)
    batch: int = Field(default=0, ge=0, le=10)
    exact: int = Field(default=0, ge=0, le=1)
    measured: Path | None = None
    engine_waiting: Literal["auto"] | Annotated[int, Field(ge=0, le=16)] = "auto"
    models_held: int = Field(default=0, ge=0)
    idle_unload: float = Field(default=0, ge=0)
    budget_load: float = Field(default=1800, gt=0)
    budget_encode: float = Field(default=120, gt=0)
    budget_step: float = Field(default=300, gt=0)
    budget_decode: float = Field(default=300, gt=0)
    budget_grace: float = Field(default=5, ge=0)
    breaker_after: int = Field(default=3, ge=0, le=100)
    breaker_rest: float = Field(default=30, gt=0)
    breaker_rest_max: float = Field(default=600, gt=0)
    recycle_mib: int = Field(default=0, ge=0)
    client_stall: float = Field(default=20, gt=0)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: LogFormat = "text"
    drain: float = Field(default=120, ge=0)
    fake_step_ms: float = Field(default=20, ge=0)
    fake_together: int = Field(default=1, ge=1, le=64)

    @field_validator("device")
    @classmethod
    def _known(cls, device: str) -> str:
        if not re.fullmatch(r"auto|cpu|mps|cuda(:\d+)?", device):
            raise ValueError("it must be auto, cpu, mps, cuda or one card such as cuda:1")
        return device

    @property
    def upscale_pixels(self) -> int:
        """The same in pixels."""
        return int(self.upscale_megapixels * _MEGAPIXEL)

    def budget(self, phase: str) -> float:
        """Seconds that one stay in `phase` may take; for `steps`, one step."""
        return {
            "load": self.budget_load,
            "encode": self.budget_encode,
            "steps": self.budget_step,
            "decode": self.budget_decode,
        }[phase]
