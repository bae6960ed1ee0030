"""Can this Redis do what Easel needs? Asked at the start of every process, and by workers ever after.

Where to look:
    check     the whole question: `check` for a role, `Report` with what to refuse and what to warn of
    rights    every command, key and channel that a role needs, really tried
    rights.lua  the same for what the scripts call
    server    version, brand, cluster, and what keeps data: what `INFO`, `HELLO` or `CONFIG` tell of it
    outage    what keeps it from serving for now, in what words, and what to do about it
    errors    which of Redis's errors no waiting cures, and in what words

Errors:
    errors.RedisRefusedError   what Redis will not do for Easel, for good; says what to do about it
"""
