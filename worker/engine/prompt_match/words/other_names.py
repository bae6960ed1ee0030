"""What people call things too, `other_names.txt`: names that no vocabulary has, and that need not be told of."""

from pathlib import Path


def _read() -> dict[str, str]:
    rows = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    table: dict[str, str] = {}
    for name, _, others in (row.partition(":") for row in rows if row and not row.startswith("#")):
        table |= {other.strip(): name for other in others.split(",")}
    return table


# Another name → the name that a vocabulary may have.
OTHER_NAMES = _read()
