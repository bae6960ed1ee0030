from pathlib import Path

import pytest

from worker.engine.errors import SocketError
from worker.engine.service.unix_socket import ListeningSocket


def test_a_long_path_is_refused_with_its_length_and_a_cure(tmp_path: Path):
    path = tmp_path / ("x" * 120) / "engine.sock"
    with pytest.raises(SocketError, match=r"EASEL_ENGINE_SOCKET is \d+ characters long.*at most 100"):
        ListeningSocket(path)


def test_a_missing_folder_is_made_for_the_owner_alone(folder: Path):
    door = ListeningSocket(folder / "run" / "engine.sock")
    assert (folder / "run").stat().st_mode & 0o777 == 0o700
    door.close()
    assert not door.path.exists()


def test_a_folder_that_others_may_write_to_is_refused(folder: Path):
    folder.chmod(0o777)
    with pytest.raises(SocketError, match="chmod 700"):
        ListeningSocket(folder / "engine.sock")


def test_a_stale_socket_is_replaced_and_a_held_one_is_not(folder: Path):
    path = folder / "engine.sock"
    path.write_bytes(b"stale")
    door = ListeningSocket(path)
    assert path.is_socket()
    with pytest.raises(SocketError, match="Another engine"):
        ListeningSocket(path)
    door.close()
    ListeningSocket(path).close()


def test_a_folder_that_cannot_be_made_is_told(folder: Path):
    (folder / "file").write_text("")
    with pytest.raises(SocketError, match="cannot be made"):
        ListeningSocket(folder / "file" / "engine.sock")
