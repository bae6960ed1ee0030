-- Milliseconds as leases, heartbeats and outbox count them: see clock.lua.
return now
