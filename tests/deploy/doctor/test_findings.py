"""What the doctor makes of what it is told: nothing is started for it."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from deploy.doctor import account, configured, machine, store
from deploy.doctor.finding import Finding, Level, warning, well, wrong
from deploy.invite import PERMISSIONS, Application
from tests.worker.engine.pipeline.test_watched_folder import write
from worker.engine.settings import EngineSettings

EASEL = Application(5, "Easel")
ALL = sum(PERMISSIONS.values())
APPLICATION: dict[str, Any] = {
    "id": "5",
    "flags": 0,
    "interactions_endpoint_url": None,
    "bot_require_code_grant": False,
}


def server(name: str, permissions: int) -> dict[str, Any]:
    return {"id": "7", "name": name, "permissions": str(permissions)}


def test_a_line_says_how_bad_it_is_and_what_to_do() -> None:
    assert well("redis", "all is well").line() == "✓ redis       all is well"
    assert warning("disk", "it is full", "Make room").line() == "! disk        it is full. Make room"
    assert wrong("token", "there is none", "Copy it").record() == {
        "about": "token", "level": "wrong", "found": "there is none", "do": "Copy it",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "level", "words"),
    [
        ({}, Level.WELL, "no privileged intent is on"),
        ({"interactions_endpoint_url": "https://example.org"}, Level.WRONG, "and not to the bot"),
        ({"bot_require_code_grant": True}, Level.WARNING, "nobody can invite the bot"),
        ({"flags": 1 << 18}, Level.WARNING, "Message Content is on"),
        ({"flags": 1 << 13 | 1 << 15}, Level.WARNING, "Presence, Server Members is on"),
        ({"flags": 1 << 23}, Level.WELL, "no privileged intent is on"),
    ],
)
def test_of_an_application(changes: dict[str, Any], level: Level, words: str) -> None:
    (found,) = account.of_application(APPLICATION | changes)
    assert found.level is level
    assert words in found.found
    assert bool(found.do) is (level is not Level.WELL)


@pytest.mark.parametrize("missing", [name for name in PERMISSIONS if name not in account._NOT_NEEDED_YET])
def test_a_permission_that_is_missing_is_named_with_its_server(missing: str) -> None:
    told = [server("Whole", ALL), server("Poor", ALL & ~PERMISSIONS[missing]), server("Admin", 8)]
    (found,) = account.of_servers(told, EASEL)
    assert found.level is Level.WARNING
    assert found.found == f"“Poor” does not allow the bot {missing}"
    assert "Server Settings → Roles → Easel" in found.do
    assert found.do.endswith("&guild_id=7")


def test_what_nothing_needs_yet_is_not_missed() -> None:
    (found,) = account.of_servers([server("Poor", ALL & ~PERMISSIONS["Add Reactions"])], EASEL)
    assert found.level is Level.WELL


def test_a_bot_in_no_server_gets_its_invitation() -> None:
    (found,) = account.of_servers([], EASEL)
    assert (found.level, EASEL.invitation in found.do) == (Level.WARNING, True)


@pytest.mark.parametrize(
    ("names", "level"), [(["imagine", "help"], Level.WELL), (["help"], Level.WRONG), ([], Level.WRONG)]
)
def test_without_imagine_nothing_can_be_asked_for(names: list[str], level: Level) -> None:
    assert account.of_commands([{"name": name} for name in names]).level is level


@pytest.mark.parametrize(
    ("beat", "level", "words"),
    [
        ({"seen": 0, "models": ["a", "b"], "trouble": ""}, Level.WELL, "draws with a, b"),
        (
            {"seen": 0, "models": ["a", "img2img:a", "lora/b:a", "up.x4"], "trouble": ""},
            Level.WELL,
            "draws with a, up.x4",
        ),
        ({"seen": 0, "models": {}, "trouble": ""}, Level.WELL, "draws with nothing yet"),
        ({"seen": 0, "trouble": "No model."}, Level.WRONG, "cannot draw: No model"),
        ({"seen": 0, "warnings": ["Redis is small."]}, Level.WARNING, "Redis is small"),
        ({"seen": -300_000}, Level.WARNING, "5 minutes ago"),
        ({}, Level.WARNING, "cannot read"),
        ([], Level.WARNING, "cannot read"),
        ({"seen": "soon"}, Level.WARNING, "cannot read"),
    ],
)
def test_of_a_worker(beat: object, level: Level, words: str) -> None:
    (found,) = store.workers({b"w": json.dumps(beat).encode()}, 0)
    assert found.level is level
    assert found.found.startswith("w ") or found.found.startswith("w:")
    assert words in found.found


@pytest.mark.parametrize(
    ("beats", "last", "level", "words"),
    [
        ({b"w": b'{"release": "2"}'}, ("bot@h:1", "2"), Level.WELL, "2, and nobody told of another"),
        ({b"w": b'{"release": "1"}'}, ("bot@h:1", "2"), Level.WARNING, "2 is here, and w runs 1"),
        ({b"w": b"{}", b"v": b"[]", b"u": b"{"}, ("bot@h:1", "3"), Level.WARNING, "2 is here, and bot@h:1 runs 3"),
        ({b"w": b'{"release": "unknown"}'}, ("", ""), Level.WELL, "2, and nobody told of another"),
    ],
)
def test_processes_of_several_versions_are_told(
    beats: dict[bytes, bytes], last: tuple[str, str], level: Level, words: str
) -> None:
    (found,) = store.versions(beats, *last, here="2")
    assert (found.level, found.found) == (level, words)


@pytest.mark.parametrize(
    ("paused", "level", "words"),
    [
        (None, Level.WELL, "3 waiting"),
        ("", Level.WARNING, "3 waiting; Easel is paused and takes no requests"),
        ("Back at 8.", Level.WARNING, "3 waiting; Easel is paused and takes no requests (“Back at 8.”)"),
    ],
)
def test_a_pause_is_told(paused: str | None, level: Level, words: str) -> None:
    """Or whoever wonders why nobody is served finds all well."""
    found = store.line(3, paused)
    assert (found.level, found.found) == (level, words)


def test_no_worker_at_all_is_told() -> None:
    assert store.workers({}, 0)[0].level is Level.WARNING


@pytest.mark.parametrize(
    ("told", "torch", "device", "levels"),
    [
        (None, "2.9.0+cpu", "auto", [Level.WELL]),
        (None, "2.9.0", "cuda:0", [Level.WRONG]),
        ("NVIDIA GeForce RTX 4090, 24564, 580.65\n", "2.9.0", "auto", [Level.WELL]),
        ("A, 24564, 580\nB, [N/A], 580\n", "2.9.0", "auto", [Level.WELL, Level.WELL]),
        ("NVIDIA GeForce RTX 4090, 24564, 580.65\n", "2.9.0+cpu", "auto", [Level.WELL, Level.WRONG]),
        ("Driver/library version mismatch\n", "2.9.0", "auto", [Level.WARNING]),
    ],
)
def test_of_cards(told: str | None, torch: str, device: str, levels: list[Level]) -> None:
    assert [each.level for each in machine.cards(told, torch, device)] == levels


def test_a_card_is_told_as_a_person_calls_it() -> None:
    (found,) = machine.cards("NVIDIA GeForce RTX 4090, 24564, 580.65\n", "2.9.0", "auto")
    assert found.found == "NVIDIA GeForce RTX 4090, 24 GiB, driver 580.65"


def _catalogue(folder: Path, *tables: str) -> EngineSettings:
    (folder / "mine.toml").write_text("bundled = false\n" + "".join(f"[[model]]\n{each}\n" for each in tables))
    return EngineSettings(models=folder / "mine.toml")


def _of(settings: EngineSettings) -> list[Finding]:
    return [replace(each, do="") for each in machine.models(settings)]


@pytest.mark.parametrize(
    ("table", "level", "words"),
    [
        ('id = "a"\ntitle = "A"\nsource = "./absent"', Level.WRONG, "absent does not exist"),
        ('id = "a"\ntitle = "A"\nsource = "cut.safetensors"', Level.WRONG, "is not a safetensors file"),
        ('id = "a"\ntitle = "A"\nsource = "own/er"', Level.WARNING, "whatever own/er holds on the day"),
        ('id = "a"\ntitle = "A"\nsource = "own/er"\nrevision = "abc"', Level.WELL, "own/er at abc (licence unknown)"),
        ('id = "a"\ntitle = "A"', Level.WARNING, "the field source is missing"),
    ],
)
def test_of_a_model(tmp_path: Path, table: str, level: Level, words: str) -> None:
    (tmp_path / "cut.safetensors").write_bytes(b"cut")
    found = _of(_catalogue(tmp_path, table))[0]
    assert found.level is level
    assert words in found.found


def test_a_folder_that_is_watched_is_looked_into(tmp_path: Path) -> None:
    write(tmp_path / "a.ckpt", {})
    write(tmp_path / "lines.safetensors", {"unet.x.lora_A.weight": [1, 8]})
    pickle, told = machine.watched(tmp_path)
    assert pickle.line().startswith(f"! models      {tmp_path}/a.ckpt: it is a pickle, which can run code. ")
    assert told == well("models", f"{tmp_path} is watched (models: 0, LoRAs: 1)")
    (gone,) = machine.watched(tmp_path / "none")
    assert gone.level is Level.WARNING
    assert gone.found == f"EASEL_MODELS_FOLDER names {tmp_path / 'none'}, where there is no folder"


GIB, MIB = 1024**3, 1024**2


@pytest.mark.parametrize(
    ("free", "line"),
    [
        (0, "✗ disk        0 MiB are free at {}. Make room: nothing more can be kept there, not even a log"),
        (30 * MIB, "✗ disk        30 MiB are free at {}. Make room: "),
        (200 * MIB, "! disk        0.2 GiB are free at {}. Models need 2 to 20 GiB each"),
        (4.9 * GIB, "! disk        4.9 GiB are free at {}. Models need 2 to 20 GiB each"),
        (5 * GIB, "✓ disk        5 GiB are free at {}"),
    ],
)
def test_of_a_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: float, line: str) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=int(free)))
    assert machine.disk(tmp_path / "not yet").line().startswith(line.format(tmp_path))


def test_a_folder_that_we_cannot_reach_is_none(tmp_path: Path) -> None:
    """Such as one below `/home` for a service. Root is refused nothing, so here it is a name that is too long."""
    folder = Path(f"/{'long' * 100}/models")
    assert machine.watched(folder)[0].level is Level.WARNING
    assert machine.disk(folder).about == "disk"
    (found,) = _of(_catalogue(tmp_path, f'id = "a"\ntitle = "A"\nsource = "{folder}"'))
    assert found.level is Level.WRONG
    assert f"The folder {folder} does not exist" in found.found


def test_a_catalogue_that_is_none_is_told(tmp_path: Path) -> None:
    (found,) = machine.models(EngineSettings(models=tmp_path / "absent.toml"))
    assert found.level is Level.WRONG
    assert "absent.toml cannot be read" in found.found


def test_every_bad_setting_is_told_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EASEL_LEASE", "soon")
    monkeypatch.setenv("EASEL_BATCH", "99")
    said = [each.line() for each in configured.look() if each.level is Level.WRONG]
    assert len(said) == 2
    assert all("EASEL_" in line and ".env.example explains" in line for line in said)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "limits.toml: it cannot be read (FileNotFoundError)"),
        ("[each]\nat_once = 0", "limits.toml:2: each.at_once"),
        ("[each]\nat_once = 2", ""),
    ],
)
def test_a_file_of_limits_that_ends_the_bot_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str | None, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EASEL_LIMITS", "limits.toml")
    if text is not None:
        (tmp_path / "limits.toml").write_text(text)
    said = [each.found for each in configured.look() if each.level is Level.WRONG]
    assert [each.startswith(f"EASEL_LIMITS is not usable: {words}") for each in said] == [True] * bool(words)


@pytest.mark.parametrize("in_file", [False, True])
def test_a_setting_that_nothing_reads_is_told_with_the_nearest(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, in_file: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("EASEL_LIMTIS", "EASEL_BANANA"):
        if in_file:
            with (tmp_path / ".env").open("a") as file:
                file.write(f"{name}=3\n")
        else:
            monkeypatch.setenv(name, "3")
    said = [each.line() for each in configured.look()[1:]]
    assert said == [
        "! settings    nothing in Easel reads EASEL_LIMTIS. Did you mean EASEL_LIMITS?",
        "! settings    nothing in Easel reads EASEL_BANANA. Take it out; .env.example explains every setting",
    ]


def test_a_dotenv_that_others_can_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("DISCORD_TOKEN=abc\n")
    (tmp_path / ".env").chmod(0o644)
    found = configured.look()[0]
    assert found.level is Level.WARNING
    assert found.do == "Run `chmod 600 .env`"
