"""Models of one's own, as docs/operate.md tells how to add them: its steps are followed to the letter."""

import re
from pathlib import Path

import pytest

from worker.engine.pipeline.model_config import HubModel, LocalFolder, offered
from worker.engine.settings import CATALOGUE, EngineSettings

ROOT = Path(__file__).parents[3]


@pytest.fixture
def followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which somebody has done what the page says."""
    section = (ROOT / "docs" / "operate.md").read_text().partition("## Models\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"^```(\w*)\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    assert [language for language, _ in blocks][:2] == ["toml", ""]  # further ones are about other things
    (tmp_path / "models.toml").write_text(blocks[0][1])
    (tmp_path / ".env").write_text(blocks[1][1])
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EASEL_MODELS", raising=False)
    return tmp_path


def test_the_new_model_is_the_default_and_the_starter_stays(followed: Path):
    listed = offered(EngineSettings().models, CATALOGUE)
    assert listed.problems == ()
    added, starter = listed.entries
    assert (added.info.id, starter.info.id) == ("sdxl", "starter")
    assert added.origin.where(added.base) == HubModel("stabilityai/stable-diffusion-xl-base-1.0", "main")
    where = starter.origin.where(starter.base)
    assert isinstance(where, LocalFolder)
    assert (where.path / "model_index.json").is_file()


# What diffusers and NumPy deprecate between themselves is not ours to mend.
@pytest.mark.filterwarnings("ignore:::diffusers")
@pytest.mark.engine
def test_both_are_drawn_with_and_the_log_says_which_is_for_whom(followed: Path, caplog: pytest.LogCaptureFixture):
    from tests.worker.engine import tiny
    from worker.engine.pipeline.diffusers_backend import DiffusersBackend

    model = tiny.build(followed).relative_to(followed)
    path = followed / "models.toml"
    path.write_text(tiny.catalogue(followed, model).read_text().replace("bundled = false\n", ""))
    caplog.set_level("INFO")
    backend = DiffusersBackend(EngineSettings(device="cpu", threads=1, upscaler=Path("off")))
    backend.load(lambda: None)
    assert backend.problems() == ()
    assert [model.id for model in backend.models()] == ["m0", "starter"]
    assert "model m0 is for people who choose none, unless the bot's EASEL_MODEL names another" in caplog.messages
