-- The shared settings that are in force: {name, value, ...}, with `by`, `at` and `version`. ARGV: verb, then name, value,
-- ... `announce`: these hold from now on. `restore`: they held before; what is missing or damaged becomes so again.
local verb, told = ARGV[1], {}
for i = 2, #ARGV, 2 do told[ARGV[i]] = ARGV[i + 1] end

-- A removal first (see free_memory_first): in a full Redis, too, it must be known how to reap.
if redis.call('TYPE', K.settings).ok == 'hash' then
  redis.call('HDEL', K.settings, '')
else
  redis.call('DEL', K.settings)
end
tell_clock()

if verb == 'announce' then told.at = string.format('%.0f', wall) end
for name, value in pairs(told) do
  local lost = SHARED[name] and not shared(name) or redis.call('HEXISTS', K.settings, name) == 0
  if verb == 'announce' or lost then redis.call('HSET', K.settings, name, value) end
end

-- Newer versions may keep more here; the caller gets what it knows.
local answer = {}
for name in pairs(told) do
  table.insert(answer, name)
  table.insert(answer, redis.call('HGET', K.settings, name))
end
return answer
