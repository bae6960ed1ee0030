"""How jobs lie in Redis, and everything that may change one: each change is one Lua script.

Where to look:
    keys        every name in Redis
    record      a job's hash: how it is written and read
    jobs        the life of a job: admit, renew, store, fail, cancel, reap; heartbeats of workers
    claim       the next job for a worker that is capable of it
    outbox      messages that do not yet show what they should
    settings_in_force   whose of the shared settings hold
    quota       what of each limit a person has taken
    server_settings     what admins set: read, changed, told by the audit; usage by day
    operator_settings   what whoever runs Easel sets while it runs
    scripts     puts names and shared functions in front of a script
    lua/        the scripts; all share clock, record (what a job says), charge (what it takes), levels and line
                (who waits), prelude (how a record changes), pick (who is next), estimate (place, time) and limits
    failpoints  places where tests may kill a process; ../README.md says what each leads to

Errors:
    record.DamagedRecordError
    └── record.NewerRecordError
"""
