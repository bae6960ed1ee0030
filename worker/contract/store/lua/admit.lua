-- Accept a request once: {'admitted', place} | {'seen', job} | {'refused', why, limit, count, ms until it may be asked
-- again or -1}.
local id, event, event_ttl, owner, server, needs, record = unpack(ARGV, 1, 7)
local limits = limits_of(unpack(ARGV, 8, 12))
local capability, grace, token_ttl = tonumber(ARGV[13]), setting('answer_grace', ARGV[14]), tonumber(ARGV[15])
local window = tonumber(ARGV[16])

local before = seen(event)
if before then return { 'seen', before } end
if redis.call('EXISTS', job_key(id)) == 1 then return { 'seen', id } end

for _, need in ipairs(cjson.decode(needs)) do
  local alive = redis.call('ZSCORE', K.models, need)
  if not alive or tonumber(alive) < now - capability then return { 'refused', 'model', 0, 0, -1 } end
end
local refused = over_limits(owner, server, limits, window)
if refused then return refused end

local order = line_order()
for name, value in pairs(cjson.decode(record)) do
  redis.call('HSET', job_key(id), name, value)
end
redis.call('HSET', job_key(id), 'state', 'queued', 'revision', 1, 'attempt', 0, 'created', wall, 'changed', wall,
  'wait_start', now - number(redis.call('HGET', K.reaper, 'unreaped'), 0), 'order', order)
redis.call('HSET', job_key(id), 'charge', charge_of(fields(id, 'model', 'cost', 'request')))
note_upscale(fields(id, 'upscale_of').upscale_of, id)
redis.call('SADD', K.person .. owner, id)
redis.call('SADD', K.server .. server, id)
if tonumber(event_ttl) > 0 then redis.call('SET', K.event .. event, id, 'PX', event_ttl) end
line_push(id, order)
rates_take(owner, server, limits)
local place = line_place(id)
redis.call('HSET', job_key(id), 'place', place, 'place_at', now)

if redis.call('HEXISTS', job_key(id), 'token') == 1 then
  -- The bot answers now; should it die first, a poster does it.
  redis.call('ZADD', K.tokens, now + token_ttl, id)
  redis.call('HSET', job_key(id), 'answer_due', now + grace)
  redis.call('ZADD', K.cosmetic, now + grace, id)
else
  redis.call('ZADD', K.outbox, now, id)
  notify(K.outbox_bell)
end
return { 'admitted', place }
