-- claimed → rendered: the pictures lie in Redis already, a poster takes over. Said twice by the same attempt (the
-- first answer was lost on the way) it is still true.
local id, attempt, result, bytes = unpack(ARGV, 1, 4)
local job = fields(id, 'state', 'attempt', 'claimed', 'cost', 'model')
if job.attempt == attempt and (job.state == 'rendered' or job.state == 'posted') then return 1 end
if not owns(id, attempt) then return 0 end
release(id)
redis.call('HSET', job_key(id), 'state', 'rendered', 'changed', now, 'result', result)
redis.call('HSET', K.unposted, id, bytes)
local cost = number(job.cost)
if cost and cost > 0 then
  local pace = (now - number(job.claimed, now)) / cost
  local known = number(redis.call('HGET', K.pace, job.model), pace)
  redis.call('HSET', K.pace, job.model, tostring(known + 0.2 * (pace - known)))
end
mark_due(id)
return 1
