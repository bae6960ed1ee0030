-- queued or claimed → cancelled: 'done', 'ended' (too late) or 'unknown'.
local id, reason, keep = unpack(ARGV, 1, 3)
local state = redis.call('HGET', job_key(id), 'state')
if not state then return 'unknown' end
if state ~= 'queued' and state ~= 'claimed' then return 'ended' end
finish(id, 'cancelled', reason, '', keep)
mark_due(id)
if state == 'claimed' then redis.call('PUBLISH', K.cancel_channel, id) end
return 'done'
