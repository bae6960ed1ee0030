"""One large file of the Hub into its client's cache: goes on where it was cut off, and is let in only if it is right.

The client itself throws a part of a file away when it ends. What lies in its cache under a file's SHA-256 it takes for
that file, so what is fetched here is as good as fetched by it.
"""

import fcntl
import hashlib
import os
from pathlib import Path
from typing import IO, Any

_PARTIAL = ".part"


class BusyError(Exception):
    """Another process fetches the same file, or has just ended with it."""


class DamagedError(Exception):
    """What came is not the file with this name that was listed; it was removed."""


def into_cache(client: Any, repository: str, name: str, commit: str, sha256: str, size: int) -> bool:
    """Fetch a file of these bytes; False: it was there, and was not looked at.

    Raises BusyError, DamagedError, and whatever the client does.
    """
    from huggingface_hub import constants
    from huggingface_hub.file_download import http_get, repo_folder_name
    from huggingface_hub.utils._headers import build_hf_headers

    folder = Path(constants.HF_HUB_CACHE, repo_folder_name(repo_id=repository, repo_type="model"), "blobs")
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / sha256).exists():
        return False
    partial = folder / f"{sha256}{_PARTIAL}"
    with partial.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BusyError from error
        if not _is(partial, file):  # it was made whole or thrown away between our opening it and our lock
            raise BusyError
        if file.seek(0, os.SEEK_END) > size:
            file.truncate(0)
        url = client.hf_hub_url(repository, name, revision=commit)
        http_get(
            url, file, resume_size=file.tell(), headers=build_hf_headers(), expected_size=size, displayed_filename=name
        )
        file.flush()
        if summed(partial) != sha256:
            partial.unlink()
            raise DamagedError(name)
        partial.rename(folder / sha256)
    return True


def _is(path: Path, file: IO[bytes]) -> bool:
    """Whether this open file still lies under that name."""
    return path.exists() and os.path.samestat(path.stat(), os.fstat(file.fileno()))


def begun(folder: Path, sha256: str) -> int:
    """Bytes of a file that an earlier call has fetched. `folder` is the repository's in the cache."""
    partial = folder / "blobs" / f"{sha256}{_PARTIAL}"
    return partial.stat().st_size if partial.exists() else 0


def summed(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
