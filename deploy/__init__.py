"""Ways to run Easel.

- `local`: everything in one terminal (`make demo`, `make smoke`), with `stack` (what starts in which order), `parts`
  (one child process), `process`, `valkey` (an embedded store), `screen` (the terminal), `invite` (whose token), `smoke`
- `command`: `easel …`, every command under one name; `init`: the token into `.env`; `doctor`: what is well, what not;
  `backup`: what Redis holds as a file, and back; `redis_environment`: which Redis;
  `models`: a model's table, written by what its files tell
- `sandbox`: a stand-in for Discord; imports nothing from the rest
"""
