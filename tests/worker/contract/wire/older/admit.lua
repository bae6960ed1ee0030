-- Accept a request once: {'admitted', place} | {'seen', job} | {'refused', why, limit, count, ms until it may be asked
-- again or -1}.
local id, event, event_ttl, owner, server, model, record = unpack(ARGV, 1, 7)
local cap_person, cap_server, cap_total = tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])
local capability, grace, token_ttl = tonumber(ARGV[11]), tonumber(ARGV[12]), tonumber(ARGV[13])
local window = tonumber(ARGV[14])

local before = redis.call('GET', K.event .. event)
if before then return { 'seen', before } end
if redis.call('EXISTS', job_key(id)) == 1 then return { 'seen', id } end

local alive = redis.call('ZSCORE', K.models, model)
if not alive or tonumber(alive) < now - capability then return { 'refused', 'model', 0, 0, -1 } end

-- Counts the jobs of a set that have not ended. Records can be lost (a restored backup): such ids are swept out.
local function active(key, cap)
  if redis.call('SCARD', key) >= cap then
    for _, other in ipairs(redis.call('SMEMBERS', key)) do
      local state = redis.call('HGET', job_key(other), 'state')
      if not state or state == 'posted' or state == 'failed' or state == 'cancelled' then
        redis.call('SREM', key, other)
      end
    end
  end
  return redis.call('SCARD', key)
end

local function refused(why, limit, count, ids)
  return { 'refused', why, limit, count, first_done(ids, window) }
end

local count = active(K.person .. owner, cap_person)
if count >= cap_person then
  return refused('person', cap_person, count, redis.call('SMEMBERS', K.person .. owner))
end
count = active(K.server .. server, cap_server)
if count >= cap_server then
  return refused('server', cap_server, count, redis.call('SMEMBERS', K.server .. server))
end
count = line_length() + redis.call('ZCARD', K.leases)
if count >= cap_total then
  return refused('total', cap_total, count, redis.call('ZRANGE', K.leases, 0, 63))
end

local order = line_order()
for name, value in pairs(cjson.decode(record)) do
  redis.call('HSET', job_key(id), name, value)
end
redis.call('HSET', job_key(id), 'state', 'queued', 'revision', 1, 'attempt', 0, 'created', now, 'changed', now,
  'order', order)
redis.call('SADD', K.person .. owner, id)
redis.call('SADD', K.server .. server, id)
if tonumber(event_ttl) > 0 then redis.call('SET', K.event .. event, id, 'PX', event_ttl) end
line_push(id, order)
local place = line_place(id)
redis.call('HSET', job_key(id), 'place', place, 'place_at', now)

if redis.call('HEXISTS', job_key(id), 'token') == 1 then
  -- The bot answers now; should it die first, a poster does it.
  redis.call('ZADD', K.tokens, now + token_ttl, id)
  redis.call('HSET', job_key(id), 'answer_due', now + grace)
  redis.call('ZADD', K.cosmetic, now + grace, id)
else
  redis.call('ZADD', K.outbox, now, id)
  ring(K.outbox_bell)
end
return { 'admitted', place }
