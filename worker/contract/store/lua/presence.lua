-- The bot has left a server ('left'), or is in it ('here'). ARGV: which, for how long what was set there stays in ms, then
-- for each server its settings and its changes.
local verb, away = ARGV[1], tonumber(ARGV[2])
for i = 3, #ARGV, 2 do
  local settings, changes = ARGV[i], ARGV[i + 1]
  local left = redis.pcall('HGET', settings, 'left')
  if verb == 'left' and not left and redis.call('EXISTS', settings) == 1 then
    redis.call('HSET', settings, 'left', string.format('%.0f', wall))
    redis.call('PEXPIRE', settings, away)
    redis.call('PEXPIRE', changes, away)
  elseif verb == 'here' and left then
    redis.pcall('HDEL', settings, 'left')
    redis.call('PERSIST', settings)
    redis.call('PERSIST', changes)
  end
end
