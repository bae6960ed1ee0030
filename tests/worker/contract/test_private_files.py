import os
from pathlib import Path

import pytest

from worker.contract.private_files import ENV_FILE_CHECKED, env_file_warning, make_private, private, private_folder


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.fixture(autouse=True)
def usual_umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_what_is_made_is_for_us_alone_and_what_was_there_above_it_stays(tmp_path: Path):
    tmp_path.chmod(0o755)
    private_folder(tmp_path / "a" / "b")
    with open(tmp_path / "a" / "file", "w", opener=private):
        pass
    assert [mode(tmp_path / name) for name in ("", "a", "a/b", "a/file")] == [0o755, 0o700, 0o700, 0o600]


def test_what_an_older_easel_left_open_is_closed(tmp_path: Path):
    folder = tmp_path / "a"
    folder.mkdir(mode=0o755)
    make_private(folder)
    assert mode(folder) == 0o755
    private_folder(folder)
    assert mode(folder) == 0o700


@pytest.mark.parametrize(
    ("bits", "text", "warned"),
    [
        (0o644, "DISCORD_TOKEN=a.b.c\n", True),
        (0o640, "EASEL_REDIS_URL=redis://:hush@db/0\n", True),
        (0o604, "export HF_TOKEN='x'\n", True),
        (0o600, "DISCORD_TOKEN=a.b.c\n", False),
        (0o644, "# DISCORD_TOKEN=\nDISCORD_TOKEN=\nEASEL_SLOTS=3\n", False),
        (0o644, "\xff", False),
    ],
)
def test_secrets_that_others_can_read_are_told(tmp_path: Path, bits: int, text: str, *, warned: bool):
    path = tmp_path / ".env"
    path.write_text(text, encoding="latin-1")
    path.chmod(bits)
    warning = env_file_warning(path)
    assert (warning is not None) is warned
    if warning:
        assert f"chmod 600 {path}" in warning
        assert not any(secret in warning for secret in ("a.b.c", "hush", "'x'"))


def test_nobody_is_warned_twice_nor_of_what_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / ".env"
    assert env_file_warning(path) is None
    path.write_text("DISCORD_TOKEN=a.b.c\n")
    path.chmod(0o644)
    monkeypatch.setenv(ENV_FILE_CHECKED, "1")
    assert env_file_warning(path) is None
