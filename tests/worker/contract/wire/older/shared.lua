-- The scripts of this folder are as they were before records said what they need. Frozen, never to be edited.
local K = {
  line = 'easel:line',
  sequence = 'easel:sequence',
  leases = 'easel:leases',
  outbox = 'easel:outbox',
  cosmetic = 'easel:outbox:cosmetic',
  bell = 'easel:bell',
  outbox_bell = 'easel:outbox:bell',
  unposted = 'easel:unposted',
  workers = 'easel:workers',
  models = 'easel:models',
  catalogue = 'easel:catalogue',
  upscalers = 'easel:upscalers',
  pace = 'easel:pace',
  tokens = 'easel:tokens',
  quarantine = 'easel:quarantine',
  turn = 'easel:turn',
  announcer = 'easel:announcer',
  reaper = 'easel:reaper',
  cancel_channel = 'easel:cancel',
  job = 'easel:job:',
  event = 'easel:event:',
  claimed = 'easel:claimed:',
  person = 'easel:person:',
  server = 'easel:server:',
  preview = 'easel:preview:',
  picture = 'easel:picture:',
}
-- The line: who is next. Plain arrival order; nothing outside this file knows that.
-- A job keeps the place number it got at admission, so one that comes back stands where it stood.

local function line_push(id, order)
  redis.call('ZADD', K.line, order, id)
  redis.call('LPUSH', K.bell, '1')
  redis.call('LTRIM', K.bell, 0, 63)
end

local function line_order()
  return redis.call('INCR', K.sequence)
end

local function line_remove(id)
  redis.call('ZREM', K.line, id)
end

local function line_length()
  return redis.call('ZCARD', K.line)
end

-- 1 for the next job; nil when it does not wait.
local function line_place(id)
  local rank = redis.call('ZRANK', K.line, id)
  return rank and rank + 1
end

-- The jobs in order, from place `first` to `last`.
local function line_slice(first, last)
  return redis.call('ZRANGE', K.line, first - 1, last - 1)
end

-- The first job for which `fits(id)` is true, looking at the first thousand.
local function line_pick(fits)
  for first = 1, 901, 100 do
    local ids = line_slice(first, first + 99)
    for _, id in ipairs(ids) do
      if fits(id) then return id end
    end
    if #ids < 100 then return nil end
  end
end

-- Shared by every script: Redis's clock, the job's hash, and the only ways in which a record changes.
-- scripts.py puts `K` (the names of keys) and line.lua in front of this.

local function clock()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
local now = clock()
local STATES = { queued = true, claimed = true, rendered = true, posted = true, failed = true, cancelled = true }

local function job_key(id) return K.job .. id end

-- What should be a number, as one; `default` when it is not. A damaged record must not end a script halfway.
local function number(value, default)
  local n = type(value) ~= 'table' and tonumber(value or nil)
  if n and n > -2 ^ 53 and n < 2 ^ 53 then return n end
  return default
end

-- What a worker said last: a table, empty when it cannot be read.
local function beat_of(text)
  local whole, beat = pcall(cjson.decode, text)
  return whole and type(beat) == 'table' and beat or {}
end

-- Several fields of a job's record, as a table by name; a missing field is nil, and so is all of what is no record.
local function fields(id, ...)
  local names, out = { ... }, {}
  local values = redis.pcall('HMGET', job_key(id), unpack(names))
  for i, name in ipairs(names) do out[name] = values[i] or nil end
  return out
end

local function ring(bell)
  redis.call('LPUSH', bell, '1')
  redis.call('LTRIM', bell, 0, 63)
end

-- From when on a poster may act: while the bot is still answering, there is no message to edit.
local function answerable(id)
  return math.max(now, number(fields(id, 'answer_due').answer_due, 0))
end

local function bump(id)
  local bumped = redis.pcall('HINCRBY', job_key(id), 'revision', 1)
  if type(bumped) == 'table' then redis.call('HSET', job_key(id), 'revision', 1) end  -- it was no number
end

-- The message must change, and the change matters.
local function touch(id)
  bump(id)
  redis.call('ZREM', K.cosmetic, id)
  redis.call('ZADD', K.outbox, answerable(id), id)
  ring(K.outbox_bell)
end

-- The message should change when there is time; a later one of these replaces it. Every poster looks at least twice
-- a second, so no bell.
local function touch_lightly(id, due)
  bump(id)
  if not redis.call('ZSCORE', K.outbox, id) then
    redis.call('ZADD', K.cosmetic, 'NX', math.max(due, answerable(id)), id)
  end
end

-- When a cosmetic edit may next be shown.
local function soon(id, every)
  return math.max(now, number(fields(id, 'shown_at').shown_at, 0) + every)
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

-- The pictures of one attempt.
local function drop_pictures(id, attempt)
  for index = 0, 9 do redis.call('DEL', K.picture .. id .. ':' .. tostring(attempt) .. ':' .. index) end
end

local function let_go(id)
  redis.call('ZREM', K.leases, id)
  line_remove(id)
  redis.call('HDEL', job_key(id), 'lease', 'place', 'eta', 'stalled', 'progress')
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

-- A record that cannot be read holds nobody up any longer. It fails, which its owner is told if he can still be reached,
-- and stays for `keep` milliseconds for a person to look at.
local function set_aside(id, keep)
  local kind = redis.call('TYPE', job_key(id)).ok
  for _, set in ipairs({ K.line, K.leases, K.outbox, K.cosmetic, K.tokens }) do redis.call('ZREM', set, id) end
  if kind == 'none' then return end
  redis.call('LREM', K.quarantine, 0, id)
  redis.call('LPUSH', K.quarantine, id)
  redis.call('LTRIM', K.quarantine, 0, 999)
  if kind ~= 'hash' then return end
  local job = fields(id, 'revision', 'attempt')
  if not string.match(job.revision or '', '^%d%d?%d?%d?%d?%d?%d?%d?%d?$') then
    redis.call('HSET', job_key(id), 'revision', 0)
  end
  drop_pictures(id, job.attempt)
  finish(id, 'failed', 'damaged', '', keep)
  touch(id)
end

-- Place in line and time until done, by the pace of jobs before. Included by standing and announce.
local slots_by_model

-- How many slots draw with a model, of workers that were heard of within `window` milliseconds.
local function slots_alive(model, window)
  if not slots_by_model then
    slots_by_model = {}
    local flat = redis.call('HGETALL', K.workers)
    for i = 2, #flat, 2 do
      local beat = beat_of(flat[i])
      local lives = number(beat.seen, 0) > now - window
      for _, name in ipairs(lives and type(beat.models) == 'table' and beat.models or {}) do
        slots_by_model[name] = (slots_by_model[name] or 0) + number(beat.slots, 0)
      end
    end
  end
  return slots_by_model[model or ''] or 0
end

-- Milliseconds that a job takes by itself, nil when none of its model was drawn yet.
local function duration(id)
  local job = fields(id, 'cost', 'model')
  local pace = job.model and number(redis.call('HGET', K.pace, job.model))
  local cost = number(job.cost)
  return pace and cost and cost * pace
end

local function standing(id, window)
  local place = line_place(id)
  if not place then return { -1, -1 } end
  local own = duration(id)
  local slots = slots_alive(fields(id, 'model').model, window)
  if not own or slots == 0 then return { place, -1 } end
  local ahead = 0
  for _, running in ipairs(redis.call('ZRANGE', K.leases, 0, 63)) do ahead = ahead + (duration(running) or own) / 2 end
  local near = line_slice(1, math.min(place - 1, 200))
  local sum = 0
  for _, other in ipairs(near) do sum = sum + (duration(other) or own) end
  if #near > 0 then sum = sum * (place - 1) / #near end
  return { place, math.floor(own + (ahead + sum) / slots) }
end

-- Milliseconds until the first of these jobs is probably done; -1 when nobody can say.
local function first_done(ids, window)
  local soonest, foremost, place = -1, nil, math.huge
  for _, id in ipairs(ids) do
    local job = fields(id, 'state', 'claimed')
    local whole = job.state == 'claimed' and duration(id)
    if whole then
      local left = math.max(1000, math.floor(number(job.claimed, now) + whole - now))
      if soonest < 0 or left < soonest then soonest = left end
    elseif (line_place(id) or math.huge) < place then
      foremost, place = id, line_place(id)
    end
  end
  if soonest < 0 and foremost then return standing(foremost, window)[2] end
  return soonest
end

