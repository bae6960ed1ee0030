"""How much memory there is, where a container or a service may hold less than the machine has."""

from pathlib import Path

import pytest

from worker.engine.service import memory

GIB = 2**30


@pytest.fixture
def groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(memory, "_free", lambda: 64 * GIB)
    monkeypatch.setattr(memory, "_GROUPS", tmp_path / "groups")
    monkeypatch.setattr(memory, "_OWN_GROUP", tmp_path / "own")
    (tmp_path / "own").write_text("1:name=systemd:/elsewhere\n0::/easel.slice/worker\n")
    return tmp_path / "groups"


def limited(group: Path, most: str, held: int = 0, files: int = 0) -> None:
    group.mkdir(parents=True, exist_ok=True)
    (group / "memory.max").write_text(f"{most}\n")
    (group / "memory.current").write_text(f"{held}\n")
    (group / "memory.stat").write_text(f"anon {held - files}\nfile {files}\nactive_file 0\ninactive_file {files}\n")


@pytest.mark.parametrize(
    ("below", "above", "left"),
    [
        ((str(32 * GIB), 6 * GIB, 2 * GIB), ("max", 6 * GIB), 28),
        (("max", 6 * GIB), (str(16 * GIB), 10 * GIB), 6),
        ((str(32 * GIB), 0), (str(16 * GIB), 20 * GIB), 0),
        (("max",), ("max",), 64),
        ((str(128 * GIB),), ("max",), 64),
    ],
)
def test_of_what_the_machine_has_and_each_limit_leaves_the_least(
    groups: Path, below: tuple[str, int], above: tuple[str, int], left: int
) -> None:
    limited(groups / "easel.slice" / "worker", *below)
    limited(groups / "easel.slice", *above)
    assert memory.available() == left * GIB


def test_in_a_container_that_sees_its_own_group_as_the_topmost(groups: Path) -> None:
    limited(groups, str(8 * GIB), GIB)
    assert memory.available() == 7 * GIB


def test_a_system_without_such_groups_has_what_the_machine_has(groups: Path) -> None:
    assert memory.available() == 64 * GIB
    memory._OWN_GROUP.unlink()
    assert memory.available() == 64 * GIB
