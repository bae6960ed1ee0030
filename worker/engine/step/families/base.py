"""What every family does: a UNet or transformer between text encoders and an AutoencoderKL."""

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterator, Sequence
from typing import Any, NamedTuple

import torch
from PIL import Image

from worker.contract.types.request import Request
from worker.engine.step.conditions import Conditions
from worker.engine.step.trajectory import Condition


class Heard(NamedTuple):
    """What a model makes of a prompt.

    Attributes:
        read_to: the words before those that were too many for it; "" where it reads all.
        tokens: how many it reads.
        odd: whether something looks like a sign of weights and is none.
    """

    read_to: str
    tokens: int
    odd: bool


class Family(ABC):
    """One loaded model.

    Args:
        pipeline: diffusers' own, whose parts are used and never changed.
    """

    plans_by_size = False  # whether a sampler's timesteps depend on the size of the picture

    def __init__(self, pipeline: Any) -> None:
        self._pipeline = pipeline
        self._texts = Conditions(self._encode)
        self.controls: dict[str, torch.nn.Module] = {}  # by which pictures are followed now, by their names

    @property
    def follows(self) -> bool:
        """Whether pictures can be followed while it draws."""
        return False

    @property
    def takes_masks(self) -> bool:
        """Whether its network is shown where it draws, and so keeps by itself what is around that (`masked`)."""
        return False

    @classmethod
    @abstractmethod
    def knows(cls, pipeline: Any) -> bool:
        """Whether this very pipeline can be drawn so, for people bring parts of other kinds."""

    def texts_mean(self, meaning: Hashable) -> None:
        """What texts mean changes with the network, to what they meant whenever that was the same."""
        self._texts.meaning = meaning

    @property
    def dtype(self) -> torch.dtype:
        """Number format of the model."""
        found: torch.dtype = self._network.dtype
        return found

    @property
    def device(self) -> torch.device:
        """Where it calculates, which is not where it is kept if parts are brought to the device only while at work."""
        found: torch.device = self._pipeline._execution_device  # noqa: SLF001 - as diffusers' own pipelines ask
        return found

    @property
    @abstractmethod
    def _network(self) -> Any: ...

    def shape(self, asked: Request) -> tuple[int, int, int]:
        """Channels, height and width of a picture's latents."""
        factor = self._pipeline.vae_scale_factor
        return self._pipeline.vae.config.latent_channels, asked.height // factor, asked.width // factor

    def size(self, asked: Request) -> tuple[int, int]:
        """Width and height in pixels of what comes out of the decoder."""
        _, height, width = self.shape(asked)
        return width * self._pipeline.vae_scale_factor, height * self._pipeline.vae_scale_factor

    def plan(self, scheduler: Any, asked: Request) -> None:
        """Set a scheduler's timesteps as the family's pipeline does."""
        scheduler.set_timesteps(asked.steps)

    def chunks(self, asked: Request) -> int:
        """In how many chunks its texts are read; only those of as many can be drawn together."""
        del asked
        return 1

    def passes(self, asked: Request) -> int:
        """Rows of a call that each picture takes: two where guidance asks for one without the prompt."""
        return 2 if asked.guidance_scale > 1 else 1

    def heard(self, text: str) -> Heard | None:
        """What of a prompt is read; None where its tokenizers have to be asked."""
        del text
        return None

    @abstractmethod
    def _encode(self, text: str) -> Condition:
        """What one text means."""

    @abstractmethod
    def conditions(self, asked: Request) -> tuple[Condition, Condition | None]:
        """What the model is given with the prompt, and without it where guidance asks for that."""

    @abstractmethod
    def call(self, latents: torch.Tensor, timesteps: torch.Tensor, conditions: Sequence[Condition]) -> torch.Tensor:
        """Predict, a row each."""

    @torch.no_grad()
    def decode(self, latents: torch.Tensor) -> list[Image.Image]:
        """(pictures, channels, height, width) → pictures."""
        vae, config = self._pipeline.vae, self._pipeline.vae.config
        with self.lifted(vae, config):
            pictures = vae.decode(self._unscaled(latents, config).to(vae.dtype), return_dict=False)[0]
        # Rounded on the device: a byte a value is copied, not four, and the host has nothing left to calculate.
        pictures = (pictures.float() / 2 + 0.5).clamp(0, 1).mul(255).round().byte().permute(0, 2, 3, 1)
        return [Image.fromarray(each) for each in pictures.contiguous().cpu().numpy()]

    @staticmethod
    @contextlib.contextmanager
    def lifted(vae: Any, config: Any) -> Iterator[None]:
        """Have an autoencoder that runs over in half precision calculate in full precision meanwhile."""
        dtype = vae.dtype
        if dtype != torch.float16 or not config.get("force_upcast"):
            yield
            return
        try:
            vae.to(torch.float32)
            yield
        finally:  # also after running out of memory, or the next picture would meet a model of two formats
            vae.to(dtype)

    @torch.no_grad()
    def encode(self, picture: Image.Image, hidden: torch.Tensor | None = None) -> torch.Tensor:
        """A picture of the size that is drawn, RGB → (channels, height, width) in float32, as the model sees latents.

        `hidden`: (1, height, width) in pixels, 1 where grey stands instead of the picture.
        The most likely latents and not a draw of them: what is kept of a picture does not depend on a seed.
        """
        vae, config = self._pipeline.vae, self._pipeline.vae.config
        pixels = torch.frombuffer(bytearray(picture.tobytes()), dtype=torch.uint8)
        pixels = pixels.view(1, picture.height, picture.width, 3).permute(0, 3, 1, 2).to(self.device)
        pixels = pixels.float() / 127.5 - 1
        if hidden is not None:
            pixels = pixels * (1 - hidden.to(pixels.device))
        with self.lifted(vae, config):
            encoded = vae.encode(pixels.to(vae.dtype), return_dict=False)[0]
            return self._scaled(encoded.mode().float(), config)[0]

    @staticmethod
    def _scaled(latents: torch.Tensor, config: Any) -> torch.Tensor:
        """Latents as the model takes them."""
        return latents * float(config.scaling_factor)

    @staticmethod
    def _unscaled(latents: torch.Tensor, config: Any) -> torch.Tensor:
        """Latents as the decoder takes them."""
        return latents / float(config.scaling_factor)


def stacked(conditions: Sequence[Condition], name: str) -> torch.Tensor:
    """One tensor of the conditions, a row each."""
    return torch.stack([each[name] for each in conditions])


def statistics(latents: torch.Tensor, config: Any) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and standard deviation of each channel, where an autoencoder says them (Playground): as the latents lie."""
    said = config.get("latents_mean"), config.get("latents_std")
    mean, deviation = said if None not in said else ([0.0], [1.0])
    return latents.new_tensor(mean).view(-1, 1, 1), latents.new_tensor(deviation).view(-1, 1, 1)


def is_usual(pipeline: Any) -> bool:
    """Whether UNet and autoencoder are those that the pipelines of Stable Diffusion are made for."""
    if type(pipeline.unet).__name__ != "UNet2DConditionModel" or type(pipeline.vae).__name__ != "AutoencoderKL":
        return False
    latent = pipeline.vae.config.latent_channels
    return pipeline.unet.config.in_channels in (latent, 2 * latent + 1)  # those for inpainting see more (`masked`)
