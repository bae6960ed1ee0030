-- Everything that time alone changes; idempotent, anybody may run it at any moment. Returns how many jobs it moved.
local attempts, wait_max = setting('attempts', ARGV[1]), setting('wait_max', ARGV[2])
local capability, keep, lease = tonumber(ARGV[3]), ARGV[4], setting('lease', ARGV[5])
local moved, back = 0, {}

-- Where nobody could reap for a while, nobody could renew either: Redis was away, frozen or cut off. Then leases get
-- one more term before they count, except those that were given up (score 0), and the time is `unreaped`: it counts
-- towards nobody's longest wait. `at` is the wall's, by which an older Easel's reaper judges the same.
redis.call('HDEL', K.reaper, '')  -- free_memory_first
tell_clock()
local before = redis.call('HMGET', K.reaper, 'at', 'quiet', 'now', 'unreaped')
local quiet, unreaped = number(before[2], 0), number(before[4], 0)
if wall - number(before[1], 0) > math.max(lease / 2, 2500) then
  quiet = now + lease
  unreaped = unreaped + math.max(0, now - number(before[3], now))
elseif quiet > now + math.max(lease, 3600000) then
  quiet = 0  -- no lease is so long: it was written by another clock
end
redis.call('HSET', K.reaper, 'at', wall, 'quiet', quiet, 'now', now, 'unreaped', unreaped)

-- For how long a job has waited, by its fields `wait_start` (as admission wrote it: `now` less what was unreaped by
-- then) and `created`, which is all that an older bot's job has.
-- nil where neither can be read.
local function waited(job)
  local start, created = number(job.wait_start), number(job.created)
  if start then return now - unreaped - start end
  return created and wall - created
end

-- Jobs of one worker that were begun and fell silent together: its host is gone, and nobody knows over which of them.
-- All are suspects: drawn alone from now on, and not counted. Who still lives renews long before half a lease is over.
local function blame_mates(worker)
  local mates = {}
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', K.leases, 1, now + lease / 2, 'LIMIT', 0, 100)) do
    local job = fields(id, 'state', 'attempt', 'worker')
    local attempt = number(job.attempt)
    if job.state == 'claimed' and job.worker == worker and attempt and not is_unbegun(id) then
      table.insert(mates, { id, attempt })
    end
  end
  for _, mate in ipairs(#mates > 1 and mates or {}) do
    hand_back(mate[1], mate[2])
    redis.call('HSET', job_key(mate[1]), 'alone', 1)
  end
end

local function reap_attempt(id)
  local job = fields(id, 'state', 'attempt', 'order', 'why', 'why_cause', 'why_detail', 'lease', 'worker')
  local attempt, order = number(job.attempt), number(job.order)
  if STATES[job.state or ''] and job.state ~= 'claimed' then
    redis.call('ZREM', K.leases, id)
    return
  end
  moved = moved + 1
  if not (STATES[job.state or ''] and attempt and order) then return quarantine(id, keep) end
  drop_pictures(id, job.attempt)
  -- A lease that ran out: whoever held it has died or hangs. One that was given up has said what it counts.
  if number(job.lease, 0) > 0 then
    if is_unbegun(id) then hand_back(id, attempt) elseif job.worker then blame_mates(job.worker) end
  end
  if tried(id) >= attempts then
    -- An older slot says why by `why_detail`, and leaves the `why_cause` of an attempt before its own where it is.
    local cause = job.why and not job.why_detail and job.why_cause
    finish(id, 'failed', job.why or 'attempts', cause or '', keep, job.why and job.why_detail)
    mark_due(id)
  else
    release(id)
    redis.call('HSET', job_key(id), 'state', 'queued', 'changed', wall)
    line_return(id, order)
    table.insert(back, id)
    mark_cosmetic(id, soon(id, 1000))
  end
end

local latest = now < quiet and 0 or now
for _, id in ipairs(redis.call('ZRANGEBYSCORE', K.leases, '-inf', latest, 'LIMIT', 0, 100)) do reap_attempt(id) end

for _, id in ipairs(back) do redis.call('HSET', job_key(id), 'place', line_place(id) or 1, 'place_at', now) end

-- What older bots put into their line, and what was in it before an update.
local older = redis.call('ZRANGE', K.line, 0, 99, 'WITHSCORES')
for i = 1, #older, 2 do
  redis.call('ZREM', K.line, older[i])
  local state = fields(older[i], 'state').state
  if state == 'queued' or redis.call('EXISTS', job_key(older[i])) == 1 and not STATES[state or ''] then
    line_push(older[i], tonumber(older[i + 1]))
  end
end

line_sweep()

for _, id in ipairs(line_oldest(1, 100)) do
  local long = waited(fields(id, 'created', 'wait_start'))
  if long and long < wait_max then break end
  if long then  -- else it hides nobody behind it
    finish(id, 'failed', 'waited', '', keep)
    mark_due(id)
    moved = moved + 1
  end
end

for _, id in ipairs(redis.call('ZRANGEBYSCORE', K.tokens, '-inf', now, 'LIMIT', 0, 100)) do
  redis.call('ZREM', K.tokens, id)
  redis.pcall('HDEL', job_key(id), 'token')
end

sweep_counts()

-- What is drawn waits in the outbox, and takes room until it is posted. A Redis that threw keys away may have lost the
-- one or the other: then it would never be posted, or nothing be drawn any more for the room that nobody gives back.
-- Some are looked at in each call.
local UNPOSTED_LOOKS = 20
local unposted = redis.call('HKEYS', K.unposted)
for i = 1, math.min(#unposted, UNPOSTED_LOOKS) do
  local id = unposted[(math.floor(now / 1000) * UNPOSTED_LOOKS + i) % #unposted + 1]
  local state = fields(id, 'state').state
  if not state or STATES[state] and state ~= 'rendered' then
    redis.call('HDEL', K.unposted, id)
    redis.call('ZREM', K.refused, id)
  elseif not redis.call('ZSCORE', K.outbox, id) then
    mark_due(id)
  end
end

local workers = redis.call('HGETALL', K.workers)
for i = 1, #workers, 2 do
  if number(heartbeat_of(workers[i + 1]).seen, 0) < now - capability then redis.call('HDEL', K.workers, workers[i]) end
end
return moved
