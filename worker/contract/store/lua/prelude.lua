-- Shared by every script: the only ways in which a record changes. clock, record, charge and line stand in front.

local function notify(bell)
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
local function mark_due(id)
  bump(id)
  redis.call('ZREM', K.cosmetic, id)
  redis.call('ZADD', K.outbox, answerable(id), id)
  notify(K.outbox_bell)
end

-- The message should change when there is time; a later one of these replaces it. Every poster looks at least twice
-- a second, so no bell.
local function mark_cosmetic(id, due)
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
local function free_memory_first(id)
  redis.call('HDEL', job_key(id), '')
  tell_clock()
end

-- Does the attempt with this number still own the job?
local function owns(id, attempt)
  local job = fields(id, 'state', 'attempt')
  return job.state == 'claimed' and job.attempt == attempt
end

-- Does its attempt say that no step was made yet? Whoever dies before that says nothing of the job by it.
local BEFORE_STEPS = { wait = true, fetch = true, load = true, encode = true }
local function progress_of(id)
  local whole, told = pcall(cjson.decode, fields(id, 'progress').progress or '')
  return whole and type(told) == 'table' and told or nil
end
local function is_unbegun(id)
  local told = progress_of(id)
  return told and BEFORE_STEPS[told.phase] and number(told.step, 0) == 0
end

-- This attempt does not count towards the most that a job has. Said twice it is still once. Not for ever: what kills
-- whoever takes it up would go round until it has waited too long. Whose steps people have seen is noted all the same
-- (`redrawn`): they go back now, and the message says why.
local UNCOUNTED_MOST = 5
local function hand_back(id, attempt)
  local job = fields(id, 'uncounted', 'handed_back', 'redrawn')
  if job.handed_back == tostring(attempt) or number(job.uncounted, 0) >= UNCOUNTED_MOST then return end
  redis.call('HSET', job_key(id), 'uncounted', number(job.uncounted, 0) + 1, 'handed_back', attempt)
  local told = progress_of(id)
  if told and number(told.step, 0) > 0 then
    redis.call('HSET', job_key(id), 'redrawn', number(job.redrawn, 0) + 1)
  end
end

-- How many of its attempts count.
local function tried(id)
  local job = fields(id, 'attempt', 'uncounted')
  return number(job.attempt, 0) - math.max(0, number(job.uncounted, 0))
end

-- The pictures of one attempt.
local function drop_pictures(id, attempt)
  for index = 0, 9 do redis.call('DEL', K.picture .. id .. ':' .. tostring(attempt) .. ':' .. index) end
end

local function release(id)
  redis.call('ZREM', K.leases, id)
  line_remove(id)
  redis.call('HDEL', job_key(id), 'lease', 'place', 'eta', 'stalled', 'told', 'progress')
  redis.call('DEL', K.preview .. id)
end

-- Keep with a job where a larger one of its pictures is (`<channel>/<message>`), or nil.
local function note_place(id, index, place)
  local said = fields(id, 'upscaled_at').upscaled_at
  local whole, places = pcall(cjson.decode, said or '{}')
  if not whole or type(places) ~= 'table' then places = {} end
  if places[index] == place then return end
  places[index] = place
  redis.call('HSET', job_key(id), 'upscaled_at', next(places) and cjson.encode(places) or '{}')
end

-- Keep with a posted job that one of its pictures is made larger by job `id` (`of`: `<job>:<number>`), or is not after
-- all; its message shows it.
local function note_upscale(of, id, undone)
  local from, index = string.match(of or '', '^([%w_-]+):(%d+)$')
  local job = fields(from or '', 'state', 'deleted')
  if not from or job.state ~= 'posted' or job.deleted then return end
  local whole, known = pcall(cjson.decode, fields(from, 'upscales').upscales or '{}')
  if not whole or type(known) ~= 'table' then known = {} end
  if undone and known[index] ~= id then return end  -- by another one it is
  known[index] = not undone and id or nil
  note_place(from, index, nil)
  redis.call('HSET', job_key(from), 'upscales', next(known) and cjson.encode(known) or '{}')
  mark_cosmetic(from, soon(from, 1000))
end

-- Keep with that job where the larger picture is: its message leads there when nobody knows job `id` any more.
local function note_upscaled(id)
  local job = fields(id, 'upscale_of', 'message', 'channel', 'destination')
  local from, index = string.match(job.upscale_of or '', '^([%w_-]+):(%d+)$')
  local channel = job.channel or string.match(job.destination or '', '"channel":(%d+)')
  if not from or not job.message or not channel then return end
  local whole, known = pcall(cjson.decode, fields(from, 'upscales').upscales or '{}')
  if not whole or type(known) ~= 'table' or known[index] ~= id then return end
  note_place(from, index, channel .. '/' .. job.message)
  mark_cosmetic(from, soon(from, 1000))
end

-- Have its owner told of how it ended, if they want that. `shown`: the revision that its message shows by then.
local function tell_owner(id, shown)
  if not fields(id, 'tell').tell then return end
  redis.call('HSET', job_key(id), 'telling', shown)
  redis.call('ZADD', K.outbox, now, id)
  notify(K.outbox_bell)
end

-- Into a terminal state: the quota comes back, the record stays for as long as the settings say (`keep`, in ms, is what
-- the caller was started with). `cause`: a code and its data as JSON, or ''; `detail`: the English sentence that an older
-- process has left in place of it, if one has.
local function finish(id, state, reason, cause, keep, detail)
  local job = fields(id, 'owner', 'server', 'event', 'upscale_of')
  local undone = undone_share(id, state)
  release(id)
  usage_refund(id, undone)
  line_refund(id, undone)
  redis.call('HDEL', job_key(id), 'charged')
  if state ~= 'posted' then note_upscale(job.upscale_of, id, true) end
  redis.call('HSET', job_key(id), 'state', state, 'changed', wall, 'reason', reason, 'cause', cause,
    'detail', detail or '')
  give_places_back(id, job.owner or '', job.server or '')
  redis.call('HDEL', K.unposted, id)
  redis.call('ZREM', K.refused, id)
  redis.call('ZREM', K.tokens, id)
  redis.call('PEXPIRE', job_key(id), setting('keep_days', keep))
  if state == 'failed' and reason ~= 'unposted' then tell_owner(id, -1) end
end

-- Leave of a record these fields alone, a table with their names as keys.
local function strip(id, kept)
  for _, name in ipairs(redis.call('HKEYS', job_key(id))) do
    if not kept[name] then redis.call('HDEL', job_key(id), name) end
  end
end

-- What Rerun needs of a job that came to nothing, and what its message shows, should that be edited once more.
local REMAINS = {
  version = true, state = true, reason = true, cause = true, detail = true, revision = true, attempt = true,
  owner = true, server = true, verb = true, request = true, source = true, sources = true, created = true, changed = true,
  destination = true, message = true, channel = true, ephemeral = true, wordless = true, upscale_of = true,
}
local ENDED_MAX = 100  -- of one person

-- A failed or cancelled job has come to rest: its message shows what became of it, or never will. That message carries
-- Rerun for as long as it exists, and no picture with a recipe, so what Rerun needs stays; of each person's jobs only
-- the newest, or whoever asks and cancels in turn could fill Redis. Damage stays whole, for a person to look at.
local function retire(id)
  local job = fields(id, 'owner', 'reason')
  if job.reason == 'damaged' or not job.owner then return end
  strip(id, REMAINS)
  local ended, left = K.ended .. job.owner, redis.call('PTTL', job_key(id))
  redis.call('ZADD', ended, 'NX', now, id)
  if left > 0 then redis.call('PEXPIRE', ended, left) end
  for _, old in ipairs(redis.call('ZRANGE', ended, 0, -ENDED_MAX - 1)) do
    if not redis.call('ZSCORE', K.outbox, old) then  -- else it has yet to be shown once more
      redis.call('DEL', job_key(old))
      redis.call('ZREM', ended, old)
    end
  end
end

-- A message shows this job; whoever reacts to it is understood without asking Discord (`keep` as in finish).
local function shown_by(message, id, keep)
  redis.call('SET', K.message .. message, id, 'PX', setting('keep_days', keep))
end

-- A record that cannot be read holds nobody up any longer. It fails, which its owner is told if they can still be
-- reached, and stays for a person to look at (`keep` as in finish).
local function quarantine(id, keep)
  local kind = redis.call('TYPE', job_key(id)).ok
  line_remove(id)
  for _, set in ipairs({ K.leases, K.outbox, K.cosmetic, K.tokens }) do redis.call('ZREM', set, id) end
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
  mark_due(id)
end
