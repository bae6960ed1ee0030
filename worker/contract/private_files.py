"""Files that nobody else on the machine may read: the data folder, and `.env` with the secrets in it."""

import os
import stat
from pathlib import Path

from dotenv import dotenv_values

ENV_FILE = Path(".env")
# In the environment of a process whose starter has looked at `.env` already, so that a person is warned once.
ENV_FILE_CHECKED = "EASEL_ENV_FILE_CHECKED"
UMASK = 0o077  # of processes that write what is private
_FOLDER_MODE = 0o700
_BYTE_ORDER_MARK = "\ufeff"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_SECRETS = ("DISCORD_TOKEN", "EASEL_REDIS_URL", "HF_TOKEN")


def private(path: str, flags: int) -> int:
    """An opener for `open`: a file that it makes is for our user alone."""
    return os.open(path, flags, 0o600)


def make_private(folder: Path) -> None:
    """Make a folder and what is missing above it, for our user alone. One that is there stays as it is."""
    for each in reversed([folder, *folder.parents]):
        each.mkdir(mode=_FOLDER_MODE, exist_ok=True)


def private_folder(folder: Path) -> None:
    """The same; one that is there is closed to other users. Raises OSError where it is not ours to close."""
    make_private(folder)
    if folder.stat().st_mode & _OTHERS:  # made by an older Easel
        folder.chmod(_FOLDER_MODE)


def env_file_complaint(path: Path = ENV_FILE) -> str | None:
    """Why `.env` cannot be read as it is meant; None when it can, or is none."""
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):  # some keep a virtual environment there
        return None
    except UnicodeDecodeError:
        return f"{path} is not UTF-8. Save it anew as such; Windows' Notepad asks for the encoding under Save as."
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}."
    if text.startswith(_BYTE_ORDER_MARK):
        return f"{path} begins with a byte order mark, so its first line would not count. Save it as UTF-8 without BOM."
    return None


def env_file_warning(path: Path = ENV_FILE) -> str | None:
    """What to tell the operator about a `.env` whose secrets other users can read; None when all is well."""
    if os.environ.get(ENV_FILE_CHECKED):
        return None
    try:
        open_to_others = path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH)
        written = dotenv_values(path) if open_to_others else {}
    except (OSError, UnicodeDecodeError):  # none there, or one that the settings will complain about
        return None
    names = [name for name in _SECRETS if written.get(name)]
    if not names:
        return None
    return f"{path} holds {' and '.join(names)}, and other users of this machine can read it: run `chmod 600 {path}`"
