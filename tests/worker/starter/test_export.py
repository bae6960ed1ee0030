"""What is written opens with plain diffusers, half as large, and brings what it knows and what it was never shown."""

import torch
from diffusers import AutoencoderKL, StableDiffusionPipeline

from worker.starter import autoencoder, evaluate, export, held_out
from worker.starter.denoiser import Denoiser
from worker.starter.export import PipelineParts, checksums, recorded_checksums


def test_an_exported_folder_opens_in_single_precision_wherever_it_lies(tokenizer, tiny, vocabulary, tmp_path):
    torch.manual_seed(0)
    shape = autoencoder.AutoencoderShape((16, 16, 16, 16, 16))
    autoencoder.build(shape, 64).save_pretrained(tmp_path / "run" / "vae")
    opened = AutoencoderKL.from_pretrained(tmp_path / "run" / "vae")
    parts = PipelineParts(Denoiser(tokenizer, tiny), opened, tokenizer, export.scheduler())
    words = parts.model.text.state_dict()["embeddings.token_embedding.weight"].clone()
    unseen = ~held_out.read(tmp_path, vocabulary)
    preview: dict[str, list[list[float]] | list[float]] = {"matrix": [[0.0] * 3] * 16, "bias": [0.0] * 3}
    export.export(parts, vocabulary, preview, unseen, tmp_path / "weights")

    folder = (tmp_path / "weights").rename(tmp_path / "elsewhere")
    assert checksums(folder) == recorded_checksums(folder)
    assert not [path for path in folder.rglob("*.json") if str(tmp_path) in path.read_text()]
    assert evaluate.vocabulary_of(folder) == vocabulary
    assert (held_out.read(folder, vocabulary) == unseen).all()
    text = (folder / "text_encoder" / "model.safetensors").stat().st_size
    assert text < 2.2 * sum(value.numel() for value in parts.model.text.parameters()) + 20_000
    pipe = StableDiffusionPipeline.from_pretrained(folder)
    assert pipe.unet.dtype == pipe.vae.dtype == pipe.text_encoder.dtype == torch.float32
    again = pipe.text_encoder.state_dict()["embeddings.token_embedding.weight"]
    assert torch.allclose(again, words, atol=1e-3)
    assert evaluate.draw(pipe, ["a disc"], steps=1)[0].size == (64, 64)
