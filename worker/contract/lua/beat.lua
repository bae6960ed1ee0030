-- A worker lives and can draw these models, unless it is in trouble and says why.
local worker, slots, models, trouble = ARGV[1], tonumber(ARGV[2]), cjson.decode(ARGV[3]), ARGV[4]
local names = {}
for name, info in pairs(models) do
  redis.call('ZADD', K.models, now, name)
  redis.call('HSET', K.catalogue, name, info)
  table.insert(names, name)
end
redis.call('HSET', K.workers, worker, cjson.encode({ seen = now, slots = slots, models = names, trouble = trouble }))
return 1
