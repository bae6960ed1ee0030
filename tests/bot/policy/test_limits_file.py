"""What the operator allows: from the settings, and from a file whose mistakes are told by their line."""

from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from bot.policy import limits_file
from bot.policy.ceilings import Bounds
from bot.policy.limits_file import LimitsFileError, ceilings_of, tiers_in
from bot.settings import Settings
from worker.contract.types.server_settings import MEGAPIXELS_MAX, Limits, Together, Usual

EXAMPLE = (limits_file.__doc__ or "").split("```toml\n")[1].split("```")[0]


def settings(**changes: Any) -> Settings:
    return Settings(_env_file=None, DISCORD_TOKEN="x", **changes)


def write(folder: Path, text: str | bytes) -> str:
    path = folder / "limits.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def test_without_a_file_the_settings_say_all() -> None:
    found = ceilings_of(settings(model="sdxl", count=2, day_person=50, rate_server=0))
    assert found.bounds == Bounds(
        Limits(at_once=10, day_pictures=50, per_minute=20, pictures=4, steps=150, megapixels=MEGAPIXELS_MAX),
        Together(at_once=20),
        Limits(at_once=3),
    )
    assert (found.usual, found.model, found.everywhere, found.per_minute, found.total) == (
        Usual(pictures=2), "sdxl", 10, 20, 500,
    )  # fmt: skip


def test_the_example_is_read_and_goes_before_the_settings(tmp_path: Path) -> None:
    found = ceilings_of(settings(limits=write(tmp_path, EXAMPLE), steps_max=30, day_person=50, cap_server=25))
    assert found.bounds.each == Limits(
        at_once=10, day_pictures=500, per_minute=20, pictures=4, steps=80, megapixels=MEGAPIXELS_MAX
    )
    assert found.bounds.together == Together(at_once=25, per_minute=120, day_gpu_seconds=7200)
    assert found.bounds.unset == Limits(at_once=3, day_pictures=100)
    assert found.of("gold").each.day_pictures == 5000
    assert found.of("gold").each.steps == 80
    assert found.of("silver") == found.bounds
    assert (found.differs("gold", "each", "day_pictures"), found.differs("gold", "each", "steps")) == (True, False)


MISTAKES = [
    ("[each]\nat_once = 0", ":2: each.at_once: it must be greater than or equal to 1"),
    ("\n[each]\nsteps = 'many'", ":3: each.steps: it must be a valid integer"),
    ("[each]\ncolour = 1", ":2: each.colour: there is no such name; known are at_once, day_gpu_seconds"),
    ("everywhere = 3\n\n[evry]", ":3: evry: there is no such name; known are each, everywhere, tier, together, unset"),
    ("everywhere = true", ":1: everywhere: it must be a whole number from 1 to"),
    ("[together]\nday_pictures = -1", ":2: together.day_pictures: it must be"),
    ("each = 5", ":1: each: it must be a table, as [each] is one"),
    ("[tier.gold.each]\nat_once = 5\n[tier.gold.unset]\nat_once = 0.5", ":4: tier.gold.unset.at_once: it must be"),
    ("[tier.gold]\nat_once = 5", ":2: tier.gold.at_once: there is no such name"),
    ("[tier.'Gold !']\n", ":1: tier.Gold !: a tier's name is of small letters"),
    ("tier = 1", ":1: tier: it must be a table"),
    ("[each\n", ":1: it is no TOML"),
    (b"\xff", ": it cannot be read: it must be saved as UTF-8"),
    ("[each]\nat_once = true", ":2: each.at_once: it must be a valid integer"),
    ("[each]\nat_once = '3'", ":2: each.at_once: it must be a valid integer"),
    ("[each]\nmodels = []", ":2: each.models: "),
    (f"[each]\nat_once = 1{'0' * 5000}", ": it is no TOML that can be read"),
    (f"x = {'[' * 5000}{']' * 5000}", ": it is no TOML that can be read"),
]


@pytest.mark.parametrize(("text", "said"), MISTAKES)
def test_a_mistake_is_told_by_its_line(tmp_path: Path, text: str | bytes, said: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(LimitsFileError) as caught:
        ceilings_of(settings(limits=path))
    assert str(caught.value).startswith(path + said)


def test_a_file_of_windows_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, b"\xef\xbb\xbf[each]\r\nat_once = 3\r\nmodels = ['starter']\r\n")
    assert ceilings_of(settings(limits=path)).bounds.each.at_once == 3


def test_the_operator_is_told_what_the_bot_would_not_take(tmp_path: Path) -> None:
    with pytest.raises(LimitsFileError, match="everywhere: it must be a whole number"):
        tiers_in(write(tmp_path, "everywhere = 0"))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(LimitsFileError, match="it cannot be read"):
        ceilings_of(settings(limits=str(tmp_path / "absent.toml")))


def test_a_mistake_ends_the_bot_with_its_line_alone(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DISCORD_TOKEN", "x")
    monkeypatch.setenv("EASEL_LIMITS", write(tmp_path, "[each]\nat_once = 0"))
    assert main([]) == 2
    assert capsys.readouterr().err.startswith(f"EASEL_LIMITS is not usable: {tmp_path}/limits.toml:2: each.at_once: it")
