-- Accept a request once: {'admitted', place, ms until done or -1} | {'seen', job} | {'stale'}, for settings that are no
-- longer in force | {'refused', why, limit, count, ms until it may be asked again or -1, ...} (`over_day` has what more
-- there may be).
local id, event, event_ttl, owner, server, needs, record = unpack(ARGV, 1, 7)
local limits, pictures = limits_of(ARGV[8]), tonumber(ARGV[9])
local capability, grace, token_ttl = tonumber(ARGV[10]), setting('answer_grace', ARGV[11]), tonumber(ARGV[12])
local window = tonumber(ARGV[13])

local before = seen(event)
if before then return { 'seen', before } end
if redis.call('EXISTS', job_key(id)) == 1 then return { 'seen', id } end

for _, need in ipairs(cjson.decode(needs)) do
  local alive = redis.call('ZSCORE', K.models, need)
  if not alive or tonumber(alive) < now - capability then return { 'refused', 'model', 0, 0, -1 } end
end
if outdated(server, limits) then return { 'stale' } end
record = cjson.decode(record)
local charge = charge_of(record)
local refused, late = over_limits(owner, server, limits, window, { pictures = pictures, ms = charge })
if refused then return refused end

-- What a person has said of all their jobs goes before what their server says.
local habit = redis.call('GET', K.tell .. owner)
if habit == '1' then record.tell = 'late' elseif habit then record.tell = nil end

local order = line_order()
for name, value in pairs(record) do
  redis.call('HSET', job_key(id), name, value)
end
redis.call('HSET', job_key(id), 'state', 'queued', 'revision', 1, 'attempt', 0, 'created', wall, 'changed', wall,
  'wait_start', now - number(redis.call('HGET', K.reaper, 'unreaped'), 0), 'order', order)
redis.call('HSET', job_key(id), 'charge', charge)
if late then redis.call('HSET', job_key(id), 'late', '1') end
note_upscale(fields(id, 'upscale_of').upscale_of, id)
take_places(id, owner, server)
usage_take(id, owner, server, pictures, charge)
if tonumber(event_ttl) > 0 then redis.call('SET', K.event .. event, id, 'PX', event_ttl) end
line_push(id, order)
rates_take(owner, server, limits)
local ahead, job = ahead_of(id), fields(id, 'model', 'needs', 'cost', 'charge', 'request')
local place, wait = line_place(id, ahead), wait_of(job, ahead, window)
redis.call('HSET', job_key(id), 'place', place, 'place_at', now)
if wait and not late then redis.call('HSET', job_key(id), 'told', string.format('%.0f %.0f', ahead.own, wait)) end

if redis.call('HEXISTS', job_key(id), 'token') == 1 then
  -- The bot answers now; should it die first, a poster does it.
  redis.call('ZADD', K.tokens, now + token_ttl, id)
  redis.call('HSET', job_key(id), 'answer_due', now + grace)
  redis.call('ZADD', K.cosmetic, now + grace, id)
else
  redis.call('ZADD', K.outbox, now, id)
  notify(K.outbox_bell)
end
return { 'admitted', place, eta_at(job, ahead, window) }
