-- The attempt ends without a result: its lease runs out now, the reaper does the rest. `reason` (may be empty), with its
-- cause, is what the job fails with should this have been its last attempt.
local id, attempt, reason, cause = unpack(ARGV, 1, 4)
if not owns(id, attempt) then return 0 end
free_memory_first(id)
redis.call('HDEL', job_key(id), 'why', 'why_cause', 'why_detail')
if reason ~= '' then redis.call('HSET', job_key(id), 'why', reason, 'why_cause', cause) end
redis.call('HSET', job_key(id), 'lease', 0)
redis.call('ZADD', K.leases, 0, id)
return 1
