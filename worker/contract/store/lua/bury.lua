-- The message of an ended job was deleted: 1 when that was done, 0 when there is no such job, or it has not ended. Of the
-- record a mark remains for as long as the record would have, so that its event is not accepted again.
local id = ARGV[1]
local MARK = { version = true, state = true, changed = true, deleted = true }
local job = fields(id, 'state', 'owner', 'message', 'upscale_of', 'attempt', 'in_flight')
local state = job.state
if state ~= 'posted' and state ~= 'failed' and state ~= 'cancelled' then return 0 end
free_memory_first(id)
note_upscale(job.upscale_of, id, true)
if job.in_flight then drop_pictures(id, job.attempt) end
strip(id, MARK)
if job.owner then redis.call('ZREM', K.ended .. job.owner, id) end
if job.message then redis.call('DEL', K.message .. job.message) end
for _, set in ipairs({ K.outbox, K.cosmetic, K.tokens }) do redis.call('ZREM', set, id) end
redis.call('HSET', job_key(id), 'deleted', now)
return 1
