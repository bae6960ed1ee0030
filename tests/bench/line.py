"""`python -m tests.bench.line`: what the line costs, however long it is.

An embedded Valkey. First, with 10, 1,000 and 100,000 waiting jobs of many servers and people: milliseconds that Valkey
itself counts for one admission, one claim, one estimate, one telling of places and one call of the reaper, and bytes
for each job that waits. How wrong the times are that people are told is measured by `tests.bench.estimates`. Not
collected by pytest.
"""

import argparse
import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import redis

from deploy.valkey import EmbeddedValkey
from tests.worker.contract.store.fair_play import Play
from worker.contract.store import failpoints, keys, scripts

SIZES = (10, 1_000, 100_000)
ALIVE = 10**9  # whoever was ever heard of, for that hour takes less
LANES = ("a", "b")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.line", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--repeats", type=int, default=30, help="of each script (default: 30)")
    parser.add_argument("--most", type=int, default=SIZES[-1], help="jobs that wait in the end (default: 100000)")
    chosen = parser.parse_args()
    failpoints._FOLDER = failpoints._FOLDER or ""  # so that the scripts' clock can be set
    with tempfile.TemporaryDirectory(prefix="ez-", ignore_cleanup_errors=True) as folder:
        valkey = EmbeddedValkey(Path(folder))
        valkey.start()
        try:
            with redis.Redis.from_url(valkey.url) as client:
                _costs(client, chosen.repeats, [size for size in SIZES if size <= chosen.most])
        finally:
            valkey.stop()


def _costs(client: redis.Redis, repeats: int, sizes: list[int]) -> None:
    play, chance = Play(client, {"w": LANES}), random.Random(1)
    empty = int(client.info("memory")["used_memory"])

    def ask() -> str:
        server = str(chance.randint(1, 300))
        return play.ask(
            server, server + str(chance.randint(1, 99)), chance.choice(LANES), chance.choice((1, 2, 5, 9))
        ).id

    print(f"{'waiting':>9}{'admit':>15}{'claim':>15}{'standing':>15}{'announce':>15}{'reap':>15}   bytes a job")  # noqa: T201
    for size in sizes:
        last = ask()
        _fill(play, last, size)
        row = [
            _time(client, repeats, ask),
            _time(client, repeats, lambda: play.claim(*LANES)),
            _time(client, repeats, lambda job=last: client.eval(scripts.source("standing"), 0, job, ALIVE)),  # type: ignore[misc]
            _time(client, repeats, lambda: _announce(client)),
            _time(client, repeats, play.reap),
        ]
        memory = (int(client.info("memory")["used_memory"]) - empty) / play.waiting()
        figures = "".join(f"{used:>8.2f}{longest:>7.2f}" for used, longest in row)
        print(f"{play.waiting():>9}{figures}   {memory:.0f}")  # noqa: T201
    print("(milliseconds in Valkey: of the processor for one, and the longest by the clock)\n")  # noqa: T201


_FILL = """
local template = redis.call('HGETALL', job_key(ARGV[1]))
for number = tonumber(ARGV[2]), tonumber(ARGV[3]) do
  local id, server = 'f' .. number, math.random(300)
  redis.call('HSET', job_key(id), unpack(template))
  local owner, charge = server .. math.random(99), ({ 1000, 2000, 5000, 9000 })[number % 4 + 1]
  redis.call('HSET', job_key(id), 'server', server, 'owner', owner, 'charge', charge)
  line_push(id, line_order())
end
"""


def _fill(play: Play, like: str, size: int) -> None:
    """Put copies of a job into line until so many wait: as admission does, but without telling each its time."""
    script = scripts.source("now").removesuffix(scripts._read("now")) + _FILL
    while (waiting := play.waiting()) < size:
        play.redis.eval(script, 0, like, waiting + 1, min(size, waiting + 500))


def _announce(client: redis.Redis) -> Any:
    client.delete(keys.ANNOUNCER)
    return client.eval(scripts.source("announce"), 0, ALIVE, 3000, 30_000)


def _time(client: redis.Redis, repeats: int, work: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds: of the processor for one, and the longest by the clock."""
    work()
    longest = 0.0
    for _ in range(repeats):
        client.config_resetstat()
        work()
        stats: dict[str, Any] = client.info("commandstats")
        longest = max(longest, *(each["usec"] / 1000 for name, each in stats.items() if "eval" in name))
    used = _used(client)
    for _ in range(repeats):
        work()
    return (_used(client) - used) / repeats, longest


def _used(client: redis.Redis) -> float:
    told: dict[str, Any] = client.info("cpu")
    return 1000 * float(told["used_cpu_user_main_thread"] + told["used_cpu_sys_main_thread"])


if __name__ == "__main__":
    main()
