-- A worker lives and can draw these models.
local worker, slots, models = ARGV[1], tonumber(ARGV[2]), cjson.decode(ARGV[3])
local names = {}
for name, info in pairs(models) do
  redis.call('ZADD', K.models, now, name)
  redis.call('HSET', K.catalogue, name, info)
  table.insert(names, name)
end
redis.call('HSET', K.workers, worker, cjson.encode({ seen = now, slots = slots, models = names }))
return 1
