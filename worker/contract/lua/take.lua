-- Hold one message that is due, those that matter first: {job, field, value, ...} or nil.
local token, lease = ARGV[1], tonumber(ARGV[2])
for _, set in ipairs({ K.outbox, K.cosmetic }) do
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', set, '-inf', now, 'LIMIT', 0, 50)) do
    local record = redis.call('HGETALL', job_key(id))
    local held = tonumber(redis.call('HGET', job_key(id), 'held') or 0)
    if #record == 0 then
      redis.call('ZREM', set, id)
    elseif held <= now then
      though_full(id)
      redis.call('ZADD', set, now + lease, id)
      redis.call('HSET', job_key(id), 'holder', token, 'held', now + lease)
      table.insert(record, 1, id)
      return record
    end
  end
end
return nil
