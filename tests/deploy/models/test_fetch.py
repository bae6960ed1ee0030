"""`easel models fetch`, and `add` with a Hub id: real files over the Hub's HTTP API, by the Hub's own client."""

import errno
import fcntl
import json
import os
import shutil
import struct
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import IO

import pytest
from huggingface_hub import constants, try_to_load_from_cache

from deploy.models import __main__, add, download, fetch, measure
from deploy.models.__main__ import main
from tests.deploy.models.stand_in import COMMIT, Hub, sha
from worker.engine.pipeline.model_config import read
from worker.engine.pipeline.model_files import check_folder

UNET = "unet/diffusion_pytorch_model.safetensors"
CATALOGUE = 'bundled = false\n[[model]]\nid = "mine"\ntitle = "Mine"\nsource = "own/er"\n'
PINNED = f'revision = "{COMMIT}"\n'
LORA = '[[model.lora]]\nid = "pixel"\ntitle = "Pixel"\nsource = "https://huggingface.co/own/lora/blob/main/p.safetensors"\n'


def weights(values: int) -> bytes:
    head = json.dumps({"a": {"dtype": "F16", "shape": [values], "data_offsets": [0, 2 * values]}}).encode()
    return struct.pack("<Q", len(head)) + head + os.urandom(2 * values)


def repository() -> dict[str, bytes]:
    index = {"_class_name": "StableDiffusionXLPipeline", "unet": ["diffusers", "UNet"], "safety_checker": [None, None]}
    return {
        "model_index.json": json.dumps(index).encode(),
        "README.md": b"---\nlicense: openrail++\n---\n",
        "unet/config.json": b"{}",
        UNET: weights(300_000),
        "unet/diffusion_pytorch_model.fp16.safetensors": weights(100_000),
        "unet/diffusion_pytorch_model.bin": b"pickled",
        "whole.safetensors": b"a whole model beside its parts",
        "safety_checker/model.safetensors": b"left out",
    }


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    made = Hub({"own/er": repository(), "own/lora": {"p.safetensors": weights(9)}})
    server = made.start()
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr(constants, "ENDPOINT", address)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", address + "/{repo_id}/resolve/{revision}/{filename}")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    for module in (add, fetch):
        monkeypatch.setattr(module, "card_memory", lambda: 24.0)
    monkeypatch.setenv("HF_TOKEN", "")  # so that what `.env` says is taken back after the test
    monkeypatch.delenv("HF_TOKEN")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models.toml").write_text(CATALOGUE + PINNED)
    yield made
    server.shutdown()
    server.server_close()


def run(*arguments: str) -> int:
    return main(["fetch", "--file", "models.toml", *arguments])


def here(name: str, repository: str = "own/er") -> bytes | None:
    path = try_to_load_from_cache(repository, name, revision=COMMIT)
    return Path(path).read_bytes() if isinstance(path, str) else None


def test_what_the_engine_reads_is_brought_and_nothing_else(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    of = hub.repositories["own/er"]
    wanted = {"model_index.json", "README.md", "unet/config.json", UNET}
    assert {name for name in of if here(name) == of[name]} == wanted
    check_folder("mine", Path(str(try_to_load_from_cache("own/er", "model_index.json", revision=COMMIT))).parent)
    said = capsys.readouterr().out
    assert said.startswith("mine: own/er at 0123456789ab: 4 files, 0.6 MB, 0.6 MB to fetch.\n")
    assert "mine: its weights take less than 0.1 GB in 16 bits, and fit into the 26 GB of this card.\n" in said
    assert said.endswith("mine: all its files are here, and are those that the Hub lists.\n")
    assert "write revision" not in said


def test_a_second_time_only_heads_are_asked_for(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    run()
    hub.sent.clear()
    assert run() == 0
    assert hub.sent == {UNET: 100_001}
    assert "0.6 MB, all here." in capsys.readouterr().out


def test_what_was_cut_off_goes_on_there(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    """As a process leaves it that is killed in the middle."""
    whole = hub.repositories["own/er"][UNET]
    blobs = Path(constants.HF_HUB_CACHE, "models--own--er", "blobs")
    blobs.mkdir(parents=True)
    (blobs / f"{sha(whole)}.part").write_bytes(whole[:250_000])
    assert run() == 0
    assert (UNET, "bytes=250000-") in hub.ranges
    assert hub.sent[UNET] == len(whole) - 250_000 + 100_001
    assert here(UNET) == whole
    assert [each.name for each in blobs.glob("*.part")] == []
    assert "0.4 MB to fetch." in capsys.readouterr().out


def test_what_is_not_what_the_hub_lists_is_thrown_away(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    hub.damaged.add(UNET)
    hub.damaged_from = 200_000  # the head is right
    assert run() == 1
    assert f"mine: {UNET} is not the file that the Hub lists, so it was removed. Run the same command again" in (
        capsys.readouterr().out
    )
    assert here(UNET) is None
    hub.damaged.clear()
    assert run() == 0


def test_what_was_damaged_on_the_disk_is_found(hub: Hub) -> None:
    run()
    path = Path(str(try_to_load_from_cache("own/er", UNET, revision=COMMIT)))
    path.write_bytes(bytes(path.stat().st_size))
    assert run() == 1
    assert run() == 0
    assert here(UNET) == hub.repositories["own/er"][UNET]


@pytest.mark.parametrize("where", ["environment", ".env"])
def test_a_gated_model_needs_the_token(
    hub: Hub, where: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hub.gated.add("own/er")
    assert run() == 1
    said = capsys.readouterr().out
    assert "mine: own/er is handed out only to those who accept its licence. Accept its licence at https://" in said
    assert "HF_TOKEN=" in said
    if where == ".env":
        Path(".env").write_text("HF_TOKEN=hf_secret\n")
    else:
        monkeypatch.setenv("HF_TOKEN", "hf_secret")
    assert run() == 0
    assert "Bearer hf_secret" in hub.tokens
    assert "hf_secret" not in capsys.readouterr().out


def test_the_environment_goes_before_the_file(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_mine")
    Path(".env").write_text("HF_TOKEN=hf_other\nHF_HUB_X=\n")
    run()
    assert hub.tokens == {"Bearer hf_mine"}


def test_to_look_fetches_no_weights(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--look") == 0
    assert "all its files are here" not in capsys.readouterr().out
    assert hub.sent[UNET] == 100_001
    assert here(UNET) is None


def test_loras_come_with_their_model(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    Path("models.toml").write_text(CATALOGUE + LORA)
    assert run("mine") == 0
    assert here("p.safetensors", "own/lora") == hub.repositories["own/lora"]["p.safetensors"]
    said = capsys.readouterr().out
    assert f'mine: write revision = "{COMMIT}" into its table, so that it stays this one.\n' in said
    assert "mine: LoRA pixel: all its files are here" in said
    assert try_to_load_from_cache("own/er", "model_index.json", revision="main")  # found without the Hub, too


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (CATALOGUE.replace("own/er", "no/body"), "the Hub has no no/body, or does not show it to you. Check its name"),
        (CATALOGUE + 'revision = "v9"\n', "own/er has no revision 'v9'. See https://huggingface.co/own/er/commits"),
        (CATALOGUE.replace("own/er", "own/lora"), "own/lora has no model_index.json at 0123456789ab."),
    ],
)
def test_what_is_not_there_is_told(hub: Hub, table: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("models.toml").write_text(table)
    assert run() == 1
    assert f"mine: {words}" in capsys.readouterr().out


def test_a_hub_that_is_away_is_told(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    assert run() == 1
    assert "own/er could not be fetched from the Hub (ConnectError). See whether the network" in capsys.readouterr().out


def test_a_full_disk_is_told_before_anything_is_fetched(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=1000))
    assert run() == 1
    assert "are free at" in (said := capsys.readouterr().out)
    assert "Make room, or have HF_HOME name a folder on another disk." in said
    assert UNET not in hub.sent or hub.sent[UNET] == 100_001


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_disk_that_takes_nothing_more_is_not_taken_for_the_network(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: int
) -> None:
    def full(*_: object) -> bool:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("deploy.models.hub.into_cache", full)
    assert run() == 1
    words = f"{constants.HF_HUB_CACHE} cannot be written: {os.strerror(number)}. Make room, or have HF_HOME name"
    assert words in capsys.readouterr().out


@pytest.mark.parametrize("source", ["own/er", "https://huggingface.co/own/lora/blob/main/p.safetensors"])
def test_a_place_that_cannot_be_looked_into_is_one_line(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], source: str
) -> None:
    Path("models.toml").write_text(CATALOGUE.replace("own/er", source))
    monkeypatch.setattr(constants, "HF_HUB_CACHE", f"/{'long' * 100}/hub")  # refused like one below a closed folder
    assert run() == 1
    assert "File name too long" in (said := "".join(capsys.readouterr()))
    assert "Traceback" not in said


def test_a_model_index_that_is_none_is_told(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    for held in (b"{", b"[]"):
        hub.repositories["own/er"]["model_index.json"] = held
        shutil.rmtree(constants.HF_HUB_CACHE, ignore_errors=True)
        assert run() == 1
        assert "own/er has a model_index.json that cannot be read at 0123456789ab." in capsys.readouterr().out


def test_a_file_that_another_process_has_just_made_whole_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    blob = tmp_path / "models--own--er" / "blobs" / "abc"

    def late(file: IO[bytes], how: int) -> None:
        Path(f"{blob}.part").write_bytes(b"whole")
        Path(f"{blob}.part").rename(blob)
        lock(file, how)

    lock = fcntl.flock
    monkeypatch.setattr(fcntl, "flock", late)
    client = SimpleNamespace(hf_hub_url=lambda *_, **__: "http://127.0.0.1:9/")
    with pytest.raises(download.BusyError):
        download.into_cache(client, "own/er", "a", "main", "abc", 9)
    assert blob.read_bytes() == b"whole"


def test_a_model_that_the_catalogue_has_not_is_a_mistake(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("other") == 2
    assert capsys.readouterr().err == "models.toml has no model 'other'. It has: mine.\n"


def test_an_interrupt_says_that_nothing_is_lost(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **__: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(__main__, "fetch", interrupted)
    assert run() == 1
    assert "the next `easel models fetch` goes on there" in capsys.readouterr().out


def test_a_hub_id_tells_what_it_is(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    """Its commit, licence, family and the smaller files come from the Hub; no weights are fetched."""
    hub.cards["own/er"] = {"license": "openrail++"}
    assert main(["add", "own/er", "--file", "new.toml"]) == 0
    (entry,) = read(Path("new.toml")).entries
    assert (entry.info.native_pixels, entry.info.licence) == (1024 * 1024, "openrail++")
    assert (entry.origin.revision, entry.origin.variant) == (COMMIT, "fp16")
    assert UNET not in hub.sent
    assert "`easel models fetch er` brings its files here" in capsys.readouterr().out


def test_a_repository_of_single_files_names_them(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add", "own/lora", "--file", "new.toml"]) == 2
    said = capsys.readouterr().err
    assert "Name one file: https://huggingface.co/own/lora/resolve/main/… (p.safetensors)." in said
    assert not Path("new.toml").exists()


@pytest.mark.parametrize(
    ("parts", "card", "table", "words"),
    [
        ({"unet": 3_500_000_000}, None, (None, None), "take about 7.0 GB in 16 bits; no NVIDIA card was found here."),
        ({"unet": 3_500_000_000}, 24.0, (None, None), "7.0 GB in 16 bits, and fit into the 26 GB of this card."),
        ({"unet": 3_500_000_000}, 8.0, (None, None), 'Write quantize = "fp8" into its table: they then take 3.5 GB.'),
        ({"unet": 3_500_000_000}, 8.0, ("fp8", None), '3.5 GB with quantize = "fp8", and fit into the 9 GB'),
        ({"": 3_500_000_000}, 4.0, (None, None), "The card has 4 GB, and that is too little, whatever its table says."),
        ({"transformer": 12_000_000_000, "text_encoder_2": 5_000_000_000}, 16.0, (None, None), 'offload = "model"'),
        ({"unet": 10_000}, 24.0, (None, None), "its weights take less than 0.1 GB in 16 bits"),
    ],
)  # fmt: skip
def test_what_fits_a_card_is_told(parts: dict[str, int], card: float | None, table: tuple, words: str) -> None:
    assert words in measure.advice(parts, card, *table)
