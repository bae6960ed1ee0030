"""A failpoint does what its file says, once, and nothing without it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = "from worker.contract.store.failpoints import failpoint; failpoint('store-after'); print('alive')"


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", SCRIPT], env=os.environ | {"EASEL_FAILPOINTS": str(folder)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(("action", "code"), [("kill", -signal.SIGKILL), ("exit", 3)])
def test_it_fires_once(tmp_path: Path, action: str, code: int) -> None:
    (tmp_path / "store-after").write_text(action)
    assert run(tmp_path).returncode == code
    assert run(tmp_path).stdout == "alive\n"


def test_an_unknown_name_is_a_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from worker.contract.store import failpoints

    monkeypatch.setattr(failpoints, "_FOLDER", str(tmp_path))
    with pytest.raises(ValueError, match="no failpoint"):
        failpoints.failpoint("nowhere")
