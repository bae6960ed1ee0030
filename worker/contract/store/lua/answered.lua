-- The bot's first answer exists as this message; posters that waited for it may go on. `shown`: it shows the job as it
-- was admitted; else it was deferred, and shows nothing yet.
local id, message, shown, keep = ARGV[1], ARGV[2], ARGV[3] == '1', ARGV[4]
if redis.call('EXISTS', job_key(id)) == 0 then return 0 end
free_memory_first(id)
redis.call('HSET', job_key(id), 'message', message)
shown_by(message, id, keep)
redis.call('HDEL', job_key(id), 'answer_due')
if shown then redis.call('HSET', job_key(id), 'shown_at', now) end
local revision = redis.call('HGET', job_key(id), 'revision')
if not shown then
  redis.call('ZREM', K.cosmetic, id)
  redis.call('ZADD', K.outbox, now, id)
elseif revision == '1' then
  redis.call('ZREM', K.cosmetic, id)
else
  redis.call('ZADD', K.outbox, 'XX', now, id)
  redis.call('ZADD', K.cosmetic, 'XX', soon(id, 1000), id)
end
notify(K.outbox_bell)
return 1
