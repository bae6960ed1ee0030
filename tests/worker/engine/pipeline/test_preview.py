import warnings

import pytest
from PIL import Image

torch = pytest.importorskip("torch")

from tests.worker.engine import tiny  # noqa: E402
from worker.contract.types.request import Scheduler  # noqa: E402
from worker.engine.pipeline import preview, schedulers  # noqa: E402

# What diffusers and NumPy deprecate between themselves is not ours to mend.
pytestmark = [pytest.mark.engine, pytest.mark.filterwarnings("ignore:::diffusers")]


def own(prediction: str):
    from diffusers import DDIMScheduler

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return DDIMScheduler(beta_schedule="scaled_linear", steps_offset=1, prediction_type=prediction)


@pytest.mark.parametrize(
    ("name", "prediction"),
    [
        (name, prediction)
        for name in (None, *Scheduler)
        for prediction in ("epsilon", "v_prediction", "sample")
        if (name, prediction) != (Scheduler.EULER_A, "sample")  # diffusers has no such sampler
    ],
)
def test_the_estimate_is_the_clean_latent_when_the_model_is_right(name: Scheduler | None, prediction: str):
    scheduler = schedulers.fresh(name, own(prediction), 10)
    scheduler.set_timesteps(10)
    dice = torch.Generator().manual_seed(0)
    latent, noise = torch.randn(1, 4, 8, 8, generator=dice), torch.randn(1, 4, 8, 8, generator=dice)
    for step in (0, 4, 9):
        timestep = scheduler.timesteps[step]
        if hasattr(scheduler, "sigmas"):
            sigma = scheduler.sigmas[step]
            signal = (1 + sigma**2) ** -0.5
        else:
            signal = scheduler.alphas_cumprod[int(timestep)].sqrt()
        spread = (1 - signal**2).sqrt()
        noisy = signal * latent + spread * noise
        said = {"epsilon": noise, "v_prediction": signal * noise - spread * latent, "sample": latent}[prediction]
        if type(scheduler).__name__.startswith("Euler"):
            noisy = noisy / signal
        estimate = preview.clean(scheduler, said, timestep, noisy, step)
        assert torch.allclose(estimate, latent, atol=2e-3)


def test_the_estimate_of_a_straight_path():
    from diffusers import FlowMatchEulerDiscreteScheduler

    scheduler = schedulers.fresh(None, FlowMatchEulerDiscreteScheduler(), 4)
    scheduler.set_timesteps(4)
    latent, noise = torch.randn(2, 1, 4, 8, 8)
    sigma = scheduler.sigmas[1]
    noisy = (1 - sigma) * latent + sigma * noise
    assert torch.allclose(preview.clean(scheduler, noise - latent, 0, noisy, 1), latent, atol=1e-5)


@pytest.mark.parametrize("kind", ["EDMEulerScheduler", "EDMDPMSolverMultistepScheduler"])
def test_the_estimate_of_a_model_of_edms_noise(kind: str):
    import diffusers

    scheduler = getattr(diffusers, kind)(sigma_data=0.5)
    scheduler.set_timesteps(6)
    latent, noise = torch.randn(2, 1, 4, 8, 8, generator=torch.Generator().manual_seed(0))
    for step in (0, 3, 5):
        sigma = scheduler.sigmas[step]
        noisy = latent + sigma * noise
        size = (sigma**2 + 0.25).sqrt()
        said = (latent - 0.25 / size**2 * noisy) * size / (0.5 * sigma)  # what such a model learns to say
        estimate = preview.clean(scheduler, said, scheduler.timesteps[step], noisy, step)
        assert torch.allclose(estimate, latent, atol=2e-3)


def test_a_fitted_palette_maps_latents_to_pictures():
    colours = preview.fit(tiny.vae().eval())
    assert colours.matrix.shape == (4, 3)
    (image,) = colours.images(torch.zeros(1, 4, 16, 8))
    assert image.size == (128, 256)
    assert image.mode == "RGB"


def test_the_map_is_of_latents_as_the_model_sees_them():
    vae = tiny.vae().eval()
    plain = preview.fit(vae)
    vae.register_to_config(latents_mean=[1.0, 0.0, 0.0, -1.0], latents_std=[4.0] * 4)
    assert torch.allclose(preview.fit(vae).matrix, 4 * plain.matrix, rtol=1e-2, atol=1e-3)


def test_an_encoder_that_runs_over_in_half_precision_is_lifted_for_the_map():
    """Such as SDXL's, whose numbers would be none, and its previews too."""
    vae, seen = tiny.vae(force_upcast=True).eval(), []
    wanted = preview.fit(vae).matrix
    vae.encoder.register_forward_pre_hook(lambda _, given: seen.append(given[0].dtype))
    found = preview.fit(vae.to(torch.float16)).matrix
    assert (seen, vae.dtype) == ([torch.float32], torch.float16)
    assert torch.allclose(found, wanted, atol=1e-2)


def test_the_file_beside_the_model_goes_first_and_a_bad_one_is_passed_over(tmp_path):
    vae = tiny.vae().eval()
    (tmp_path / preview.FILE).write_text('{"matrix": [[1,0,0],[0,1,0],[0,0,1],[0,0,0]], "bias": [0,0,0]}')
    found = preview.palette(vae, tmp_path)
    assert found is not None
    red = torch.tensor([1.0, -1.0, -1.0, 5.0]).view(1, 4, 1, 1).expand(1, 4, 8, 8)
    assert found.images(red)[0].getpixel((5, 5)) == (255, 0, 0)
    for bad in ("{", "[]", '{"matrix": [[1,2,3]], "bias": [0,0,0]}', '{"matrix": "x", "bias": 1}'):
        (tmp_path / preview.FILE).write_text(bad)
        found = preview.palette(vae, tmp_path)
        assert found is not None
        assert found.matrix.shape == (4, 3)


def test_the_board_shows_every_picture_of_a_request():
    red = Image.new("RGB", (8, 8), "red")
    assert preview.board([red]).size == (8, 8)
    sheet = preview.board([red, None, None, red])
    assert sheet.size == (16, 16)
    assert [sheet.getpixel(at) for at in ((0, 0), (15, 15))] == [(255, 0, 0)] * 2
    assert sheet.getpixel((15, 0)) == (49, 51, 56)
    assert preview.board([red] * 10).size == (32, 24)
    assert preview.board([preview.small(red.resize((512, 512))), red]).size == (16, 8)
    assert preview.small(red.resize((512, 256))).size == (256, 128)


def test_a_model_of_straight_paths_takes_its_own_sampler_only():
    from diffusers import FlowMatchEulerDiscreteScheduler

    from worker.engine.errors import UnfitError

    flow = FlowMatchEulerDiscreteScheduler()
    assert type(schedulers.fresh(Scheduler.EULER, flow, 4)) is type(flow)
    with pytest.raises(UnfitError, match="sampler of its own"):
        schedulers.fresh(Scheduler.DDIM, flow, 4)
