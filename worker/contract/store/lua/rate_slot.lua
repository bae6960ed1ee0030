-- One place in the row of all requests that go with the bot's token, `gap` ms apart: the ms to wait for it. Where the
-- wait is longer than `patience`, no place is taken.
local gap, patience = tonumber(ARGV[1]), tonumber(ARGV[2])
redis.call('HDEL', K.unposted, '')  -- though full
local at = math.max(now, number(redis.call('GET', K.turn), 0))
if at - now <= patience then redis.call('SET', K.turn, at + gap, 'PX', at + gap - now + 1000) end
return at - now
