-- Keep the newest preview of an attempt that still owns its job.
local id, attempt, ttl, picture = unpack(ARGV, 1, 4)
if not owns(id, attempt) then return 0 end
redis.call('SET', K.preview .. id, picture, 'PX', ttl)
return 1
