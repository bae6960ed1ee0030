-- The attempt ends without a result: its lease runs out now, the reaper does the rest.
local id, attempt = ARGV[1], ARGV[2]
if not owns(id, attempt) then return 0 end
redis.call('HSET', job_key(id), 'lease', now)
redis.call('ZADD', K.leases, now, id)
return 1
