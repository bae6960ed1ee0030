-- What the holder of a message says of it: 'ok' or 'lost'; for `check` the milliseconds that are left of the hold. ARGV: verb, job, token, then by verb.
local verb, id, token = ARGV[1], ARGV[2], ARGV[3]
local job = fields(id, 'holder', 'held', 'revision', 'state', 'attempt', 'tries', 'shut', 'posting', 'changed',
  'in_flight', 'deleted')
if job.holder ~= token then
  -- Somebody else took over while we were away. What we did may have undone theirs: let it be shown again, unless it is
  -- gone for good.
  if verb == 'done' and job.state and not job.deleted then mark_due(id) end
  return 'lost'
end

if verb ~= 'check' then free_memory_first(id) end

local function release_message(due)
  redis.call('HDEL', job_key(id), 'holder', 'held')
  redis.call('ZADD', K.outbox, 'XX', due, id)
  redis.call('ZADD', K.cosmetic, 'XX', due, id)
  notify(K.outbox_bell)
end

-- What was learnt of the ways to this message, while none led there.
local function forget_refusals()
  redis.call('HDEL', job_key(id), 'shut', 'refused_token', 'refused_channel', 'refused_create', 'refused_dm',
    'refused_passing')
end

local function settled()
  redis.call('HDEL', job_key(id), 'holder', 'held', 'tries', 'early', 'telling')
  forget_refusals()
  redis.call('ZREM', K.outbox, id)
  redis.call('ZREM', K.cosmetic, id)
  if job.state == 'cancelled' or job.state == 'failed' then retire(id) end
end

local function terminal()
  return job.state == 'failed' or job.state == 'cancelled' or job.state == 'posted'
end

-- May something that was sent earlier, by a holder that was lost or without an answer, still reach the message?
local function still_coming()
  return number(job.in_flight, 0) > now
end

-- What the message shows is final, and nothing is on its way to it any more.
local function rest()
  redis.call('HDEL', job_key(id), 'token', 'posting', 'in_flight')
  if job.in_flight then drop_pictures(id, job.attempt) end
end

local act = {}

function act.check()
  return math.max(0, number(job.held, 0) - now)
end

-- ARGV[4]: the message, 5: its channel, 6: whether only its owner sees it, 7: keep
function act.located()
  redis.call('HSET', job_key(id), 'message', ARGV[4], 'channel', ARGV[5])
  line_follow(id, ARGV[5])
  shown_by(ARGV[4], id, ARGV[7])
  if ARGV[6] == '1' then redis.call('HSET', job_key(id), 'ephemeral', '1') end
  forget_refusals()
  return 'ok'
end

-- A new message takes the place of one that has yet to become a link to it. ARGV[4]: its id, 5: its channel, 6: the old
-- one's id, 7: keep, 8: the old one's channel. The interaction's token reaches only the old one.
function act.superseded()
  local new, channel, old, keep, old_channel = unpack(ARGV, 4, 8)
  redis.call('HSET', job_key(id), 'message', new, 'channel', channel, 'old_message', old)
  if old_channel ~= channel then redis.call('HSET', job_key(id), 'old_channel', old_channel) end
  line_follow(id, channel)
  shown_by(new, id, keep)
  redis.call('HDEL', job_key(id), 'token')
  redis.call('ZREM', K.tokens, id)
  forget_refusals()
  return 'ok'
end

-- Unless an earlier edit may still undo it: then it is linked once more.
function act.linked()
  if not still_coming() then redis.call('HDEL', job_key(id), 'old_message', 'old_channel') end
  return 'ok'
end

-- The owner has been told of all the jobs that it gathers.
function act.told()
  redis.call('HDEL', job_key(id), 'gathers')
  redis.call('HSET', job_key(id), 'gathered', id)
  return 'ok'
end

-- The owner has been told of its end, or cannot be.
function act.owner_told()
  redis.call('HDEL', job_key(id), 'telling', 'tell')
  return 'ok'
end

-- Discord objects to its words: they are not shown any more.
function act.wordless()
  redis.call('HSET', job_key(id), 'wordless', '1')
  return 'ok'
end

-- This way is not tried again for what the message should show now. ARGV[4]: the way
function act.shut()
  redis.call('HSET', job_key(id), 'shut', (job.shut and job.shut .. ',' or '') .. ARGV[4])
  return 'ok'
end

-- Results that Discord refuses must not fill the room in which finished pictures wait, for nothing is drawn when it is
-- full. Beyond half of it the oldest go their last way at once.
local function hasten(room)
  local ids, sizes, sum = redis.call('ZRANGE', K.refused, 0, 999), {}, 0
  for i, each in ipairs(ids) do
    sizes[i] = number(redis.call('HGET', K.unposted, each), 0)
    sum = sum + sizes[i]
  end
  for i, each in ipairs(ids) do
    if sum < room / 2 then return end
    if redis.call('HSET', job_key(each), 'early', '1') == 1 then redis.call('ZADD', K.outbox, 'XX', now, each) end
    sum = sum - sizes[i]
  end
end

-- Refused, and nobody knows whether for good: {ms since that way first was, 1 when the last way is due}. ARGV[4]: the
-- way, or `passing` where that does not matter, 5: bytes of unposted pictures beyond which nothing is claimed
function act.refused()
  local name = 'refused_' .. ARGV[4]
  local first = number(fields(id, name)[name])
  if not first then
    first = now
    redis.call('HSET', job_key(id), name, first)
  end
  if job.state == 'rendered' then
    redis.call('ZADD', K.refused, 'NX', first, id)
    hasten(tonumber(ARGV[5]))
  end
  return { now - first, fields(id, 'early').early and 1 or 0 }
end

-- A result is on its last way. ARGV[4]: the cause, which may be empty
function act.last()
  redis.call('HSET', job_key(id), 'early', '1', 'cause', ARGV[4])
  return 'ok'
end

-- A new message is about to be made: ms since the first try at it whose outcome nobody knows, 0 when this is the first.
-- ARGV[4]: its nonce, 5: `anew` when the earlier tries are known to have come to nothing.
function act.posting()
  local whole, begun = pcall(cjson.decode, job.posting or '{}')
  if not whole or type(begun) ~= 'table' then begun = {} end
  local first = ARGV[5] ~= 'anew' and number(begun[ARGV[4]])
  if first then return math.max(0, now - first) end
  begun[ARGV[4]] = now
  redis.call('HSET', job_key(id), 'posting', cjson.encode(begun))
  return 0
end

-- The first try at it was refused, so it was not made.
function act.unmade()
  local whole, begun = pcall(cjson.decode, job.posting or '{}')
  if not whole or type(begun) ~= 'table' then return 'ok' end
  begun[ARGV[4]] = nil
  if next(begun) then
    redis.call('HSET', job_key(id), 'posting', cjson.encode(begun))
  else
    redis.call('HDEL', job_key(id), 'posting')
  end
  return 'ok'
end

function act.tokenless()
  redis.call('HDEL', job_key(id), 'token')
  redis.call('ZREM', K.tokens, id)
  return 'ok'
end

-- Hold it for longer. ARGV[4]: milliseconds from now.
function act.extend()
  if number(job.held, 0) <= now then return 'lost' end
  local till = now + tonumber(ARGV[4])
  redis.call('HSET', job_key(id), 'held', till)
  redis.call('ZADD', K.outbox, 'XX', till, id)
  redis.call('ZADD', K.cosmetic, 'XX', till, id)
  return 'ok'
end

-- ARGV[4]: the revision that the message now shows.
function act.done()
  redis.call('HSET', job_key(id), 'shown_at', now)
  if job.revision ~= ARGV[4] or job.state == 'rendered' then  -- only `posted` and `unpostable` settle a result
    redis.call('HDEL', job_key(id), 'tries')
    release_message(redis.call('ZSCORE', K.outbox, id) and now or soon(id, tonumber(ARGV[5])))
    return 'ok'
  end
  if terminal() and still_coming() then  -- it is shown once more when nothing is in flight any more
    redis.call('HDEL', job_key(id), 'holder', 'held', 'tries')
    redis.call('ZREM', K.cosmetic, id)
    redis.call('ZADD', K.outbox, job.in_flight, id)
    return 'ok'
  end
  settled()
  if terminal() then rest() end
  return 'ok'
end

-- Whether what was sent just now reached the message nobody knows; it may yet. ARGV[4]: milliseconds for which it may.
function act.unanswered()
  redis.call('HSET', job_key(id), 'in_flight', math.max(number(job.in_flight, 0), now + tonumber(ARGV[4])))
  return 'ok'
end

-- ARGV[4]: milliseconds from now, 5: `1` when this was a try that failed, 6: for how long an end is worth showing
function act.later()
  if terminal() and number(job.changed, wall) < wall - tonumber(ARGV[6]) then return act.drop() end
  if ARGV[5] == '1' then redis.call('HSET', job_key(id), 'tries', number(job.tries, 0) + 1) end
  release_message(now + tonumber(ARGV[4]))
  return 'ok'
end

-- rendered → posted. ARGV[4]: keep, 5: why the owner got the pictures elsewhere, which the message has yet to say; else
-- '', 6: how the message looks now, as JSON, or ''. While something is in flight the pictures are kept: an edit that
-- comes late would take them away.
function act.posted()
  if job.state ~= 'rendered' then return 'lost' end
  finish(id, 'posted', '', ARGV[5], ARGV[4])
  if ARGV[6] ~= '' then redis.call('HSET', job_key(id), 'posted_as', ARGV[6]) end
  redis.call('HSET', job_key(id), 'shown_at', now)
  settled()
  if ARGV[5] ~= '' then
    drop_pictures(id, job.attempt)
    mark_due(id)
  elseif still_coming() then
    redis.call('ZADD', K.outbox, job.in_flight, id)
  else
    drop_pictures(id, job.attempt)
    rest()
  end
  if ARGV[5] == '' then
    note_upscaled(id)
    tell_owner(id, job.revision)
  end
  return 'ok'
end

-- rendered → failed. ARGV[4]: keep, 5: reason, 6: cause, 7: `1` where its owner can still be told below its message
function act.unpostable()
  if job.state ~= 'rendered' then return 'lost' end
  finish(id, 'failed', ARGV[5], ARGV[6], ARGV[4])
  drop_pictures(id, job.attempt)
  settled()
  mark_due(id)
  if ARGV[7] == '1' then tell_owner(id, -1) end
  return 'ok'
end

-- Nobody can be shown anything any more.
function act.drop()
  settled()
  rest()
  return 'ok'
end

-- The record cannot be read. ARGV[4]: keep
function act.damaged()
  redis.call('HDEL', job_key(id), 'holder', 'held')
  quarantine(id, ARGV[4])
  return 'ok'
end

return act[verb]()
