import sys
from importlib.util import find_spec

import pytest
import torch
from safetensors.torch import save_file

from worker.engine.pipeline.upscale.compact import Compact
from worker.engine.pipeline.upscale.load import UpscalerError, _without_torchvision, load

pytestmark = pytest.mark.engine


def test_a_compact_file_is_read_whatever_its_precision(tmp_path):
    model = Compact(8, 2, 2)
    save_file({name: value.half() for name, value in model.state_dict().items()}, tmp_path / "x2.safetensors")
    upscaler = load(tmp_path / "x2.safetensors")
    assert (upscaler.scale, upscaler.architecture) == (2, "Compact")
    pictures = torch.rand(1, 3, 4, 4)
    torch.testing.assert_close(upscaler.network(pictures), model(pictures), atol=2e-2, rtol=0)


def test_what_cannot_be_read_is_said_in_words(tmp_path, monkeypatch):
    (tmp_path / "bad.safetensors").write_bytes(b"no")
    save_file({"conv_first.weight": torch.zeros(1)}, tmp_path / "other.safetensors")
    save_file(
        {name: value * torch.nan for name, value in Compact(4, 1, 2).state_dict().items()}, tmp_path / "nan.safetensors"
    )
    monkeypatch.setitem(sys.modules, "spandrel", None)
    for name, words in {
        "absent.safetensors": "there is no such file",
        "pickled.pth": r"only \.safetensors files",
        "bad.safetensors": "it is damaged",
        "nan.safetensors": "some of its weights are no numbers",
        "other.safetensors": "pip install --no-deps spandrel einops",
    }.items():
        with pytest.raises(UpscalerError, match=words):
            load(tmp_path / name)


@pytest.mark.parametrize("scale", [1, 9])
def test_a_network_that_enlarges_nothing_or_too_much_is_refused(tmp_path, scale):
    save_file(Compact(4, 1, scale).state_dict(), tmp_path / "x.safetensors")
    with pytest.raises(UpscalerError, match=f"its scale is {scale}; 2 to 8 can be used"):
        load(tmp_path / "x.safetensors")


@pytest.mark.filterwarnings("ignore:torch.meshgrid")  # theirs
def test_other_architectures_are_left_to_spandrel(tmp_path):
    if find_spec("spandrel") is None:
        pytest.skip("needs spandrel")
    save_file(Compact(8, 2, 2).state_dict(), tmp_path / "compact.safetensors")
    with _without_torchvision():
        from spandrel import ModelLoader
        from spandrel.architectures.ESRGAN import ESRGAN
        from spandrel.architectures.HAT import HAT
    assert "torchvision" not in sys.modules
    assert ModelLoader().load_from_file(tmp_path / "compact.safetensors").architecture.id == "Compact"

    torch.manual_seed(0)
    model = ESRGAN(num_filters=8, num_blocks=1, scale=4)
    save_file({n: v.contiguous() for n, v in model.state_dict().items()}, tmp_path / "esrgan.safetensors")
    upscaler = load(tmp_path / "esrgan.safetensors")
    assert (upscaler.scale, upscaler.architecture) == (4, "ESRGAN")
    assert upscaler.network(torch.rand(1, 3, 8, 8)).shape == (1, 3, 32, 32)
    windows = HAT(embed_dim=60, depths=[1], num_heads=[6], window_size=8, upscale=2, upsampler="pixelshuffle")
    save_file({n: v.clone() for n, v in windows.state_dict().items()}, tmp_path / "hat.safetensors")
    assert load(tmp_path / "hat.safetensors").network(torch.rand(1, 3, 9, 13)).shape == (1, 3, 18, 26)
    save_file({"nothing.known": torch.zeros(1)}, tmp_path / "unknown.safetensors")
    with pytest.raises(UpscalerError, match="no architecture is known"):
        load(tmp_path / "unknown.safetensors")
