"""The only door between bot and worker: what a request is, how a job lives in Redis, what its message shows.

Imports no torch, no discord and no rq, so every process may use it.

Where to look:
    types/     what crosses the door: requests, jobs, results, what workers can do; how formats grow
    store/     how it lies in Redis: names, scripts, the life of a job, messages that must change
    message/   what a job's message looks like and says, in which language, and what its buttons carry
    redis_check/  whether a Redis can do what Easel needs, and what to say when it cannot
    discord_limits    sizes, lengths and rates that Discord allows
    discord_answers   what Discord's refusals mean: one table of way and answer
    shared_settings   what bot and workers must agree on
    release           which Easel this is
    settings_errors   what is wrong with a setting, in words
    README.md  the rules that keep the promise, every point at which a process can die, how a field is added
"""
