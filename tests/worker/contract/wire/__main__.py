"""`python -m tests.worker.contract.wire`: write the golden files that are missing. What is there is never touched."""

from tests.worker.contract.wire.constants import FILE, constants, missing
from tests.worker.contract.wire.samples import SAMPLES


def main() -> None:
    for sample in SAMPLES:
        if not sample.path.exists():
            sample.path.parent.mkdir(exist_ok=True)
            sample.path.write_text(sample.text + "\n", encoding="utf-8")
            print(f"added {sample.file}")
    added = missing(constants())
    if added:
        print(f"added to {FILE.name}: {', '.join(added)}")


if __name__ == "__main__":
    main()
