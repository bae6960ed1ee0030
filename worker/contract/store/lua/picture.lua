-- Keep a picture of an attempt that still owns its job. What a worker sent while it was cut off may arrive long after
-- another has taken the job over, and nobody would ever remove it.
local id, attempt, index, ttl, picture = unpack(ARGV, 1, 5)
if not owns(id, attempt) then return 0 end
redis.call('SET', K.picture .. id .. ':' .. attempt .. ':' .. index, picture, 'PX', ttl)
return 1
