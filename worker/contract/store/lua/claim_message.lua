-- Hold one message that is due, those that matter first: {job, field, value, ...} or nil. Of a hold that ran out
-- something may be in flight, for `flight` milliseconds: what was sent under it may still reach the message.
local token, lease, version, keep = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local flight = tonumber(ARGV[5])
for _, set in ipairs({ K.outbox, K.cosmetic }) do
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', set, '-inf', now, 'LIMIT', 0, 50)) do
    local record = redis.pcall('HGETALL', job_key(id))
    local job = fields(id, 'holder', 'held', 'version', 'deleted')
    if #record == 0 then  -- there is none, or it is something else
      quarantine(id, keep)
    elseif job.deleted then  -- with its message
      redis.call('ZREM', set, id)
    elseif number(job.version, 0) > version then  -- a newer poster's to read
      redis.call('ZADD', set, now + 1000, id)
    elseif number(job.held, 0) <= now then
      free_memory_first(id)
      redis.call('ZADD', set, now + lease, id)
      redis.call('HSET', job_key(id), 'holder', token, 'held', now + lease)
      if job.holder and number(job.held) then redis.call('HSET', job_key(id), 'in_flight', now + flight) end
      table.insert(record, 1, id)
      return record
    else  -- it has changed under a poster's hands: not looked at before they let go, or a few would hide all behind
      free_memory_first(id)
      redis.call('ZADD', set, job.held, id)
    end
  end
end
return nil
