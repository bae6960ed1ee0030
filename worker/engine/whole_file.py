"""A file that others read, or that a later process does: it is there as it was or as it is to be, never in part."""

from pathlib import Path


def write(path: Path, text: str) -> None:
    """Put another text in its place. Raises OSError; then it is what it was."""
    new = path.with_name(path.name + ".new")
    new.write_text(text)
    new.replace(path)
