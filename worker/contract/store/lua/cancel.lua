-- queued or claimed → cancelled: 'done', 'ended' (too late) or 'unknown'. `cause` may be empty; `wordless` is '1' when the
-- words may not be shown any more, `told` when the owner has heard of it already.
local id, reason, keep, cause, wordless, told = unpack(ARGV, 1, 6)
local state = redis.call('HGET', job_key(id), 'state')
if not state then return 'unknown' end
if state ~= 'queued' and state ~= 'claimed' then return 'ended' end
finish(id, 'cancelled', reason, cause, keep)
if wordless == '1' then redis.call('HSET', job_key(id), 'wordless', '1') end
if told == '1' then redis.call('HSET', job_key(id), 'gathered', id) end
mark_due(id)
if state == 'claimed' then redis.call('PUBLISH', K.cancel_channel, id) end
return 'done'
