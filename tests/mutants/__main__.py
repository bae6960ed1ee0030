"""Breaks one rule at a time, and says which of the breaks no test notices.

Each mutation of the lists in rules/ changes one line of a copy of the tree; the tests named with it must then fail.
A mutant that survives is a rule that anybody could break without a test going red.
"""

import argparse
import fnmatch
import os
import queue
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from pathlib import Path

from .mutations import RULES, MovedError, Mutation, read
from .workbench import Outcome, Verdict, Workbench


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; returns the exit status: 0 when every mutant was killed."""
    options = _parser().parse_args(arguments)
    try:
        mutations = [each for each in read() if _chosen(each, options.only)]
    except ValueError as error:  # pydantic's and tomllib's are such
        print(f"A list in {RULES} cannot be read: {error}")
        return 2
    if not mutations:
        print(f"No mutation is called {' or '.join(options.only)}. --list names them all.")
        return 2
    if options.list:
        for each in mutations:
            print(f"{each.name:<34} {each.file}: {each.breaks}")
        return 0
    try:
        return _try(mutations, options.jobs)
    except subprocess.CalledProcessError as error:
        print(f"The tree cannot be copied without git: {error.stderr.strip()}")
        return 2


def _try(mutations: Sequence[Mutation], jobs: int) -> int:
    """Judge all of them, `jobs` at once; returns the exit status."""
    began = time.monotonic()
    with ExitStack() as stack:
        benches = [stack.enter_context(_workbench()) for _ in range(min(jobs, len(mutations)))]
        print(f"{len(mutations)} mutants. First their tests without any of them …", flush=True)
        if failed := benches[0].baseline(mutations):
            print("These fail as it is, so they can judge nothing:", *failed, sep="\n  ")
            return 2
        judged = dict(_judge(mutations, benches))
    return _report(judged, time.monotonic() - began)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutants", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--only", metavar="NAME", action="append", default=[], help="only mutants of this name (a pattern: 'reap-*')"
    )
    parser.add_argument("--list", action="store_true", help="name the mutants and the rules that they break, run none")
    jobs = os.cpu_count() or 1
    parser.add_argument("--jobs", type=_positive, default=jobs, help=f"mutants tried at once (here: {jobs})")
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number of mutants; 1 or more, please")
    return int(text)


def _chosen(mutation: Mutation, patterns: Sequence[str]) -> bool:
    return not patterns or any(fnmatch.fnmatch(mutation.name, pattern) for pattern in patterns)


@contextmanager
def _workbench() -> Iterator[Workbench]:
    """A workbench whose copy is taken away at the end."""
    with tempfile.TemporaryDirectory(prefix="easel-mutants-", ignore_cleanup_errors=True) as folder:
        yield Workbench(Path(folder))


def _judge(mutations: Sequence[Mutation], benches: Sequence[Workbench]) -> Iterator[tuple[Mutation, Outcome]]:
    """Try each mutant on the next free workbench, and tell of it when it is done."""
    free: queue.SimpleQueue[Workbench] = queue.SimpleQueue()
    for bench in benches:
        free.put(bench)

    def judge(mutation: Mutation) -> Outcome:
        bench = free.get()
        try:
            return bench.judge(mutation)
        except MovedError as moved:
            return Outcome(Verdict.BROKEN, str(moved), 0.0)
        finally:
            free.put(bench)

    with ThreadPoolExecutor(len(benches)) as pool:
        under_way = {pool.submit(judge, mutation): mutation for mutation in mutations}
        try:
            for number, done in enumerate(as_completed(under_way), 1):
                mutation, outcome = under_way[done], done.result()
                print(f"{number:>4}/{len(mutations)}  {_line(mutation, outcome)}", flush=True)
                yield mutation, outcome
        finally:
            pool.shutdown(cancel_futures=True)


def _line(mutation: Mutation, outcome: Outcome) -> str:
    by = outcome.killer.rpartition("/")[2] if outcome.verdict is Verdict.KILLED else ""
    return f"{outcome.verdict:<9} {mutation.name:<34} {outcome.seconds:5.1f} s  {by}".rstrip()


def _report(judged: dict[Mutation, Outcome], seconds: float) -> int:
    of = {verdict: [each for each in judged if judged[each].verdict is verdict] for verdict in Verdict}
    for each in of[Verdict.BROKEN]:
        print(f"\n{each.name} could not be tried:\n{judged[each].killer}")
    print(f"\n{len(judged)} mutants in {seconds:.0f} s, {len(of[Verdict.KILLED])} killed. Survivors:", end=" ")
    print("none." if not of[Verdict.SURVIVED] else f"{len(of[Verdict.SURVIVED])}.")
    for each in of[Verdict.SURVIVED]:
        print(f"  {each.name} ({each.file}): {each.breaks}")
        print(f"    `{each.old}` → `{each.new}` and nothing fails in {' '.join(each.tests)}")
    return 0 if len(of[Verdict.KILLED]) == len(judged) else 1


if __name__ == "__main__":
    sys.exit(main())
