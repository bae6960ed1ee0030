import json
from pathlib import Path

import pytest

from tests.worker.engine.pipeline.test_model_files import tensors
from worker.contract.types.model_info import ModelInfo
from worker.engine.errors import ModelError
from worker.engine.pipeline.fetch import fetch
from worker.engine.pipeline.model_config import ModelConfig, ModelOrigin


def entry(folder: Path) -> ModelConfig:
    tensors(folder / "m.safetensors")
    (folder / "config").mkdir()
    (folder / "config" / "model_index.json").write_text(
        json.dumps({"_class_name": "StableDiffusionPipeline", "unet": ["diffusers", "UNet2DConditionModel"]})
    )
    origin = ModelOrigin(source="m.safetensors", config="config")
    return ModelConfig(ModelInfo(id="m", title="M"), origin, folder / "models.toml", 1)


def test_a_single_file_is_found_with_its_configuration(tmp_path: Path):
    assert fetch(entry(tmp_path)).path == tmp_path / "m.safetensors"


def test_the_configuration_of_a_single_file_brings_no_code_either(tmp_path: Path):
    config = entry(tmp_path)
    (tmp_path / "config" / "unet").mkdir()
    (tmp_path / "config" / "unet" / "config.json").write_text('{"auto_map": {"AutoModel": "evil.Model"}}')
    with pytest.raises(ModelError, match="Easel runs no code of models"):
        fetch(config)
