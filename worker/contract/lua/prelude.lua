-- Shared by every script: Redis's clock, the job's hash, and the only ways in which a record changes.
-- scripts.py puts `K` (the names of keys) and line.lua in front of this.

local function clock()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
local now = clock()

local function job_key(id) return K.job .. id end

-- Several fields of a job's record, as a table by name; a missing field is nil.
local function fields(id, ...)
  local names, out = { ... }, {}
  local values = redis.call('HMGET', job_key(id), unpack(names))
  for i, name in ipairs(names) do out[name] = values[i] or nil end
  return out
end

local function ring(bell)
  redis.call('LPUSH', bell, '1')
  redis.call('LTRIM', bell, 0, 63)
end

-- From when on a poster may act: while the bot is still answering, there is no message to edit.
local function answerable(id)
  return math.max(now, tonumber(redis.call('HGET', job_key(id), 'answer_due') or 0))
end

-- The message must change, and the change matters.
local function touch(id)
  redis.call('HINCRBY', job_key(id), 'revision', 1)
  redis.call('ZREM', K.cosmetic, id)
  redis.call('ZADD', K.outbox, answerable(id), id)
  ring(K.outbox_bell)
end

-- The message should change when there is time; a later one of these replaces it. Every poster looks at least twice
-- a second, so no bell.
local function touch_lightly(id, due)
  redis.call('HINCRBY', job_key(id), 'revision', 1)
  if not redis.call('ZSCORE', K.outbox, id) then
    redis.call('ZADD', K.cosmetic, 'NX', math.max(due, answerable(id)), id)
  end
end

-- When a cosmetic edit may next be shown.
local function soon(id, every)
  local shown = tonumber(redis.call('HGET', job_key(id), 'shown_at') or 0)
  return math.max(now, shown + every)
end

-- A full Redis refuses a script whose first write may take memory. What leads to memory being freed has to run all the
-- same, so it begins with a removal, of nothing.
local function though_full(id)
  redis.call('HDEL', job_key(id), '')
end

-- Does the attempt with this number still own the job?
local function owns(id, attempt)
  local job = fields(id, 'state', 'attempt')
  return job.state == 'claimed' and job.attempt == attempt
end

local function let_go(id)
  redis.call('ZREM', K.leases, id)
  line_remove(id)
  redis.call('HDEL', job_key(id), 'lease', 'place', 'eta', 'progress')
  redis.call('DEL', K.preview .. id)
end

-- Into a terminal state: the quota comes back, the record stays for `keep` milliseconds.
local function finish(id, state, reason, detail, keep)
  local job = fields(id, 'owner', 'server', 'event')
  let_go(id)
  redis.call('HSET', job_key(id), 'state', state, 'changed', now, 'reason', reason, 'detail', detail)
  redis.call('SREM', K.person .. (job.owner or ''), id)
  redis.call('SREM', K.server .. (job.server or ''), id)
  redis.call('HDEL', K.unposted, id)
  redis.call('ZREM', K.tokens, id)
  redis.call('PEXPIRE', job_key(id), keep)
end
