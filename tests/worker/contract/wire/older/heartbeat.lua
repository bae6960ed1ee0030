-- A worker lives and can draw these models and enlarge with these upscalers, unless it is in trouble and says why.
local worker, slots, models, trouble = ARGV[1], tonumber(ARGV[2]), cjson.decode(ARGV[3]), ARGV[4]
local names = {}
-- What was told before is not written again: a model that names all that it knows takes tens of kilobytes, each second.
local function has(told, infos)
  for name, info in pairs(infos) do
    redis.call('ZADD', K.models, now, name)
    if redis.call('HGET', told, name) ~= info then redis.call('HSET', told, name, info) end
    table.insert(names, name)
  end
end
has(K.catalogue, models)
has(K.upscalers, cjson.decode(ARGV[5]))
redis.call('HSET', K.workers, worker, cjson.encode({ seen = now, slots = slots, models = names, trouble = trouble }))
return 1
