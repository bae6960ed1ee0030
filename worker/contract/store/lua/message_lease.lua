-- What the holder of a message says of it: 'ok' or 'lost'; for `check` the milliseconds that are left of the hold. ARGV: verb, job, token, then by verb.
local verb, id, token = ARGV[1], ARGV[2], ARGV[3]
local job = fields(id, 'holder', 'held', 'revision', 'state', 'attempt')
if job.holder ~= token then
  -- Somebody else took over while we were away. What we did may have undone theirs: let it be shown again.
  if verb == 'done' and job.state then mark_due(id) end
  return 'lost'
end

if verb ~= 'check' then free_memory_first(id) end

local function release_message(due)
  redis.call('HDEL', job_key(id), 'holder', 'held')
  redis.call('ZADD', K.outbox, 'XX', due, id)
  redis.call('ZADD', K.cosmetic, 'XX', due, id)
  notify(K.outbox_bell)
end

local function settled()
  redis.call('HDEL', job_key(id), 'holder', 'held')
  redis.call('ZREM', K.outbox, id)
  redis.call('ZREM', K.cosmetic, id)
  if job.state == 'cancelled' or job.state == 'failed' then retire(id) end
end

local act = {}

function act.check()
  return math.max(0, number(job.held, 0) - now)
end

-- ARGV[4]: the message, 5: its channel, 6: whether only its owner sees it, 7: keep
function act.located()
  redis.call('HSET', job_key(id), 'message', ARGV[4], 'channel', ARGV[5])
  shown_by(ARGV[4], id, ARGV[7])
  if ARGV[6] == '1' then redis.call('HSET', job_key(id), 'ephemeral', '1') end
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
    release_message(redis.call('ZSCORE', K.outbox, id) and now or soon(id, tonumber(ARGV[5])))
    return 'ok'
  end
  settled()
  if job.state == 'failed' or job.state == 'cancelled' or job.state == 'posted' then
    redis.call('HDEL', job_key(id), 'token')
  end
  return 'ok'
end

function act.later()
  release_message(now + tonumber(ARGV[4]))
  return 'ok'
end

-- rendered → posted. ARGV[4]: keep
function act.posted()
  if job.state ~= 'rendered' then return 'lost' end
  finish(id, 'posted', '', '', ARGV[4])
  drop_pictures(id, job.attempt)
  redis.call('HSET', job_key(id), 'shown_at', now)
  redis.call('HDEL', job_key(id), 'token')
  settled()
  return 'ok'
end

-- rendered → failed. ARGV[4]: keep, 5: reason, 6: cause
function act.unpostable()
  if job.state ~= 'rendered' then return 'lost' end
  finish(id, 'failed', ARGV[5], ARGV[6], ARGV[4])
  drop_pictures(id, job.attempt)
  settled()
  mark_due(id)
  return 'ok'
end

-- Nobody can be shown anything any more.
function act.drop()
  settled()
  redis.call('HDEL', job_key(id), 'token')
  return 'ok'
end

-- The record cannot be read. ARGV[4]: keep
function act.damaged()
  redis.call('HDEL', job_key(id), 'holder', 'held')
  quarantine(id, ARGV[4])
  return 'ok'
end

return act[verb]()
