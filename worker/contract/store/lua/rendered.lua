-- claimed → rendered: the pictures lie in Redis already, a poster takes over. Said twice by the same attempt (the
-- first answer was lost on the way) it is still true. `total`: the ms that the engine took, '' where it does not say.
local id, attempt, result, bytes, total = unpack(ARGV, 1, 5)
local job = fields(id, 'state', 'attempt', 'cost', 'model', 'request', 'charge')
if job.attempt == attempt and (job.state == 'rendered' or job.state == 'posted') then return 1 end
if not owns(id, attempt) then return 0 end
release(id)
redis.call('HSET', job_key(id), 'state', 'rendered', 'changed', wall, 'result', result)
redis.call('HSET', K.unposted, id, bytes)
-- By the engine's own clock, which nobody sets, and without what Redis or a fork took.
local cost, took = number(job.cost), number(total)
if cost and cost > 0 and took and took > 0 then
  local pace = took / cost
  local known = number(redis.call('HGET', K.pace, job.model), pace)
  redis.call('HSET', K.pace, job.model, tostring(known + 0.2 * (pace - known)))
end
learn_charge(job, result)
learn_ratio(job, number(total))
mark_due(id)
return 1
