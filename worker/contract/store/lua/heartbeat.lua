-- A worker lives and is capable of all this, unless it is in trouble and says why. Of its models and upscalers it tells
-- more, for people to choose by.
local worker, slots, models, trouble = ARGV[1], tonumber(ARGV[2]), cjson.decode(ARGV[3]), ARGV[4]
local upscalers, capabilities, warnings = cjson.decode(ARGV[5]), cjson.decode(ARGV[6]), cjson.decode(ARGV[7])
if #warnings == 0 then warnings = nil end  -- most have none, and then the key is left out
local release = ARGV[8] ~= '' and ARGV[8] or nil

-- What was told before is not written again: a model that names all that it knows takes tens of kilobytes, each second.
local function tell(told, infos)
  for name, info in pairs(infos) do
    if redis.call('HGET', told, name) ~= info then redis.call('HSET', told, name, info) end
  end
end
tell(K.catalogue, models)
tell(K.upscalers, upscalers)
for _, capability in ipairs(capabilities) do redis.call('ZADD', K.models, now, capability) end
redis.call('HSET', K.workers, worker,
  cjson.encode({ seen = now, slots = slots, models = capabilities, trouble = trouble,
    warnings = warnings, release = release }))
return 1
