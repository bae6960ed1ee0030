import textwrap
from pathlib import Path

import pytest

from worker.engine.errors import CatalogueError
from worker.engine.pipeline.model_config import HubModel, LocalFile, LocalFolder, ModelOrigin, offered, read
from worker.engine.settings import CATALOGUE

GOOD = """\
[[model]]
id = "good"
title = "Good"
source = "./weights"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "models.toml"
    path.write_text(textwrap.dedent(text))
    return path


def test_the_default_catalogue_offers_the_starter():
    listed = read(CATALOGUE)
    assert listed.problems == ()
    (starter,) = listed.entries
    assert starter.info.id == "starter"
    assert starter.info.size(1, 1) == (256, 256)
    assert starter.origin.where(starter.base) == LocalFolder(CATALOGUE.parent / "../starter/weights")


def test_the_examples_in_the_default_catalogue_are_right(tmp_path: Path):
    lines = CATALOGUE.read_text().splitlines()
    first = next(n for n, line in enumerate(lines) if line.startswith("# [[model]]"))
    listed = read(write(tmp_path, "\n".join(line.removeprefix("# ") for line in lines[first:])))
    assert listed.problems == ()
    assert [config.info.id for config in listed.entries] == ["sd15", "sdxl", "sdxl-inpainting", "flux", "mine"]
    assert [lora.id for lora in listed.entries[1].loras] == ["pixel", "lcm", "lightning"]
    assert (listed.entries[3].origin.quantize, listed.entries[3].origin.offload) == ("fp8", "model")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("step = 20", "there is no field step; did you mean steps?"),
        ("steps = 0", "steps: Input should be greater than or equal to 1"),
        ('steps = "many"', "steps: Input should be a valid integer"),
        ("side_min = 512\nside_max = 256", "side_min is above side_max"),
        ("side_min = 128\ncanvas_max = 512", "canvas_max is above side_max, of a model whose side_min and side_max"),
        ('scheduler = "heun"', "scheduler: Input should be 'euler'"),
        ('dtype = "int4"', "dtype: Input should be 'float32'"),
        ('pipeline = "os.system"', "pipeline: String should match"),
    ],
)
def test_a_bad_entry_is_named_by_file_line_and_field_and_the_others_stay(tmp_path: Path, line: str, words: str):
    path = write(tmp_path, f'{GOOD}\n[[model]]\nid = "bad"\ntitle = "Bad"\nsource = "./x"\n{line}\n')
    listed = read(path)
    assert [config.info.id for config in listed.entries] == ["good"]
    (problem,) = listed.problems
    assert words in problem
    assert problem.startswith(f"{path}:")
    assert int(problem.removeprefix(f"{path}:").split(":")[0]) in (6, 10)
    assert problem.endswith("This model is left out.")


def test_a_missing_field_and_a_second_id_are_told(tmp_path: Path):
    path = write(tmp_path, GOOD + GOOD + '[[model]]\nid = "x"\ntitle = "X"\n')
    listed = read(path)
    assert len(listed.entries) == 1
    assert "another model with id 'good'" in listed.problems[0]
    assert listed.problems[1] == f"{path}:9: the field source is missing. This model is left out."


def test_an_empty_catalogue_says_what_to_do(tmp_path: Path):
    assert "add a [[model]] table" in read(write(tmp_path, "")).problems[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [("[[model", "not valid TOML"), ('[model]\nid = "x"', "two brackets"), (None, "cannot be read: No such file")],
)
def test_a_file_that_is_no_catalogue_is_refused(tmp_path: Path, text: str | None, words: str):
    path = tmp_path / "models.toml" if text is None else write(tmp_path, text)
    with pytest.raises(CatalogueError, match=r"EASEL_MODELS") as error:
        read(path)
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("source", "meaning"),
    [
        ("weights", LocalFolder(Path("/base/weights"))),
        ("../x/weights", LocalFolder(Path("/base/../x/weights"))),
        ("/srv/model", LocalFolder(Path("/srv/model"))),
        ("m.safetensors", LocalFile(Path("/base/m.safetensors"))),
        ("owner/name", HubModel("owner/name", None)),
        ("https://hub.example/owner/name/blob/main/a/m.safetensors", HubModel("owner/name", "main", "a/m.safetensors")),
    ],
)
def test_what_a_source_means(source: str, meaning: object):
    assert ModelOrigin(source=source).where(Path("/base")) == meaning


def test_a_folder_beside_the_catalogue_goes_before_a_hub_id(tmp_path: Path):
    (tmp_path / "owner" / "name").mkdir(parents=True)
    assert ModelOrigin(source="owner/name").where(tmp_path) == LocalFolder(tmp_path / "owner/name")


@pytest.mark.parametrize("source", ["model.ckpt", "model.pt", "x/pytorch_model.bin"])
def test_pickles_are_refused(source: str):
    with pytest.raises(ValueError, match="pickle"):
        ModelOrigin(source=source)


def added(folder: Path, text: str, name: str = "own") -> Path:
    (folder / name).mkdir(exist_ok=True)
    return write(folder / name, text)


def ships(folder: Path) -> Path:
    return added(folder, f'{GOOD}\n[[model]]\nid = "other"\ntitle = "Other"\nsource = "x"\n', "ships")


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ('[[model]]\nid = "mine"\ntitle = "M"\nsource = "w"', ["own/mine", "ships/good", "ships/other"]),
        ('[[model]]\nid = "other"\ntitle = "M"\nsource = "w"', ["own/other", "ships/good"]),
        (f'{GOOD}[[model]]\nid = "mine"\ntitle = "M"\nsource = "w"', ["own/mine", "ships/good", "ships/other"]),
        (GOOD.replace("./weights", "./else"), ["own/good", "ships/other"]),
        (f"bundled = false\n{GOOD}", ["own/good"]),
        (
            'bundled = true\n[[model]]\nid = "mine"\ntitle = "M"\nsource = "w"',
            ["own/mine", "ships/good", "ships/other"],
        ),
    ],
)
def test_own_models_come_first_and_what_ships_stays_each_by_its_own_folder(
    tmp_path: Path, text: str, entries: list[str]
):
    listed = offered(added(tmp_path, text), ships(tmp_path))
    assert [f"{entry.base.name}/{entry.info.id}" for entry in listed.entries] == entries
    assert listed.problems == ()


def test_what_ships_named_as_ones_own_is_there_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(ships(tmp_path).parent)
    assert len(offered(Path("models.toml"), ships(tmp_path)).entries) == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("bundeld = false\n", "there is no setting bundeld; did you mean bundled?"),
        ("models = 1\n", "there is no setting models; did you mean model?"),
        ('bundled = "no"\n', "bundled: write true or false"),
    ],
)
def test_a_setting_of_the_whole_catalogue_is_checked(tmp_path: Path, text: str, words: str):
    listed = offered(added(tmp_path, text + GOOD.replace("good", "mine")), ships(tmp_path))
    assert len(listed.problems) == 1
    assert words in listed.problems[0]
    assert len(listed.entries) == 3
