"""A scratch copy of the tree, in which rules are broken and tests are run."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from .mutations import ROOT, Mutation

_TEST_MAX = 60  # seconds for one test: many a broken rule makes it wait for what never comes
_FAILED = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", re.MULTILINE)


class Verdict(StrEnum):
    """How a mutant ended; BROKEN: its tests could not be run."""

    KILLED = "killed"
    SURVIVED = "survived"
    BROKEN = "broken"


_VERDICTS = {0: Verdict.SURVIVED, 1: Verdict.KILLED}  # by pytest's exit status


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant.

    Attributes:
        killer: the test that failed first; of a broken one the end of pytest's output.
        seconds: that its tests took.
    """

    verdict: Verdict
    killer: str
    seconds: float


class Workbench:
    """One copy of the tree; used by one thread at a time. The working tree itself is never touched.

    Args:
        folder: an empty one, for the copy.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in _tracked():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)

    def baseline(self, mutations: Iterable[Mutation]) -> list[str]:
        """Which of the tests fail without any mutation; a mutant that they kill would prove nothing."""
        tests = sorted({test for mutation in mutations for test in mutation.tests})
        run = self._pytest(*tests)
        if run.returncode == 0:
            return []
        return _FAILED.findall(run.stdout) or [run.stdout[-2000:]]

    def judge(self, mutation: Mutation) -> Outcome:
        """Break the rule, run its tests, mend it. Raises MovedError."""
        file = self._folder / mutation.file
        whole = file.read_text(encoding="utf-8")
        file.write_text(mutation.apply(whole), encoding="utf-8")
        began = time.monotonic()
        try:
            run = self._pytest("--exitfirst", *mutation.tests)
        finally:
            file.write_text(whole, encoding="utf-8")
        verdict = _VERDICTS.get(run.returncode, Verdict.BROKEN)
        killers = _FAILED.findall(run.stdout)
        said = run.stdout[-2000:] if verdict is Verdict.BROKEN else next(iter(killers), "")
        return Outcome(verdict, said, time.monotonic() - began)

    def _pytest(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        options = ["-q", "--tb=no", "--no-header", "-p", "no:cacheprovider", f"--timeout={_TEST_MAX}"]
        # Bytecode is told from its source by time and size, which a mutant may share with the one before.
        env = os.environ | {"PYTHONPATH": str(self._folder), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run(
            [sys.executable, "-m", "pytest", *options, *arguments],
            cwd=self._folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )


def _tracked() -> list[str]:
    """What git knows of, and what is new and not ignored; both as they are in the working tree."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
