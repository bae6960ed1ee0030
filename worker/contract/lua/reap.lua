-- Everything that time alone changes; idempotent, anybody may run it at any moment. Returns how many jobs it moved.
local attempts, wait_max, capability, keep = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local moved = 0

for _, id in ipairs(redis.call('ZRANGEBYSCORE', K.leases, '-inf', now, 'LIMIT', 0, 100)) do
  local job = fields(id, 'state', 'attempt', 'order')
  if job.state ~= 'claimed' then
    redis.call('ZREM', K.leases, id)
  elseif tonumber(job.attempt) >= attempts then
    finish(id, 'failed', 'attempts', '', keep)
    touch(id)
    moved = moved + 1
  else
    let_go(id)
    redis.call('HSET', job_key(id), 'state', 'queued', 'changed', now)
    line_push(id, tonumber(job.order))
    redis.call('HSET', job_key(id), 'place', line_place(id), 'place_at', now)
    touch_lightly(id, soon(id, 1000))
    moved = moved + 1
  end
end

for _, id in ipairs(line_slice(1, 100)) do
  local created = tonumber(redis.call('HGET', job_key(id), 'created') or 0)
  if created > now - wait_max then break end
  finish(id, 'failed', 'waited', '', keep)
  touch(id)
  moved = moved + 1
end

for _, id in ipairs(redis.call('ZRANGEBYSCORE', K.tokens, '-inf', now, 'LIMIT', 0, 100)) do
  redis.call('ZREM', K.tokens, id)
  redis.call('HDEL', job_key(id), 'token')
end

local workers = redis.call('HGETALL', K.workers)
for i = 1, #workers, 2 do
  if cjson.decode(workers[i + 1]).seen < now - capability then redis.call('HDEL', K.workers, workers[i]) end
end
return moved
