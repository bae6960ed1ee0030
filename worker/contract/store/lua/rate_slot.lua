-- One place in the row of all requests that go with the bot's token, `gap` ms apart: the ms to wait for it. Where the
-- wait is longer than `patience`, no place is taken.
local gap, patience = tonumber(ARGV[1]), tonumber(ARGV[2])
redis.call('HDEL', K.unposted, '')  -- free_memory_first
local at = math.max(now, number(redis.call('GET', K.rate_slot), 0))
if at - now <= patience then redis.call('SET', K.rate_slot, at + gap, 'PX', at + gap - now + 1000) end
return at - now
