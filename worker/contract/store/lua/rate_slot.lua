-- One place in the row of all requests that go with the bot's token, `gap` ms apart: the ms to wait for it. Where the
-- wait is longer than `patience`, no place is taken.
local gap, patience = tonumber(ARGV[1]), tonumber(ARGV[2])
local FAR = 60000  -- ms: nobody takes a place so far ahead, so it was written by another clock, or is damaged
local A_DAY = 86400000  -- a clock that is set forward must not end the row: what was taken is used soon
redis.call('HDEL', K.unposted, '')  -- free_memory_first
tell_clock()
local at = math.max(now, number(redis.call('GET', K.rate_slot), 0))
if at > now + FAR then at = now end
if at - now <= patience then redis.call('SET', K.rate_slot, at + gap, 'PX', A_DAY) end
return at - now
