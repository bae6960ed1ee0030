"""`python -m worker`: which part a command line starts."""

import pytest

from worker.__main__ import run


def test_help_names_every_part(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    said = capsys.readouterr().out
    assert all(part in said for part in ("all", "engine", "slot", "poster"))


def test_an_unknown_part_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["painter"]) == 2
    assert "'painter'" in capsys.readouterr().err


@pytest.mark.parametrize("part", ["all", "engine", "slot", "poster"])
def test_every_part_has_help(part: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EASEL_SUPERVISOR", raising=False)
    with pytest.raises(SystemExit) as caught:
        run([part, "--help"])
    assert caught.value.code == 0
    assert "usage: python -m worker" in capsys.readouterr().out
