-- Give the next job that this worker can draw a fresh attempt: lease, fence, and RQ's own record of it, which goes
-- straight to RQ's intermediate list as its BLMOVE would have put it. Returns RQ's id or nil.
local worker, capabilities, lease, unposted_max, version = unpack(ARGV, 1, 5)
local queue, called, timeout, stamp, ttl, keep, token, renew = unpack(ARGV, 6, 13)
lease = lease_for(lease, renew)

local before = redis.call('GET', K.claimed .. token)
if before then return before end  -- its answer was lost on the way

local waiting_bytes = 0
for _, size in ipairs(redis.call('HVALS', K.unposted)) do waiting_bytes = waiting_bytes + number(size, 0) end
if waiting_bytes >= tonumber(unposted_max) then return nil end

local had = {}
for _, capability in ipairs(cjson.decode(capabilities)) do had[capability] = true end
local gone, damaged = {}, {}
local id = line_pick(function(candidate)
  local job = fields(candidate, 'state', 'model', 'needs', 'version', 'attempt')
  if number(job.version, 0) > tonumber(version) then return false end  -- a newer worker's to read
  local needs = needs_of(job)
  if STATES[job.state or ''] and job.state ~= 'queued' then
    table.insert(gone, candidate)
  elseif not (STATES[job.state or ''] and job.model and needs and string.match(job.attempt or '', '^%d%d?%d?$')) then
    table.insert(damaged, candidate)
  else
    return has_all(had, needs)
  end
end)
for _, lost in ipairs(gone) do line_remove(lost) end
for _, lost in ipairs(damaged) do quarantine(lost, keep) end
if not id then return nil end

-- The first write takes memory, so a full Redis refuses it: what could not be stored is not drawn.
local attempt = redis.call('HINCRBY', job_key(id), 'attempt', 1)
line_remove(id)
redis.call('HSET', job_key(id), 'state', 'claimed', 'changed', wall, 'claimed', now, 'lease', now + lease,
  'worker', worker)
redis.call('HDEL', job_key(id), 'place', 'eta', 'stalled', 'why', 'why_cause', 'why_detail')
redis.call('ZADD', K.leases, now + lease, id)
mark_cosmetic(id, soon(id, 1000))

local rq_id = id .. '-' .. attempt
local rq_key = 'rq:job:' .. rq_id
local call = string.format('["%s",null,["%s",%d],{}]', called, id, attempt)
redis.call('HSET', rq_key, 'data', call, 'origin', queue, 'status', 'queued', 'timeout', timeout,
  'created_at', stamp, 'enqueued_at', stamp, 'result_ttl', ttl, 'failure_ttl', ttl, 'description', 'draw ' .. rq_id)
redis.call('EXPIRE', rq_key, tonumber(timeout) + 2 * tonumber(ttl))
redis.call('SET', K.claimed .. token, rq_id, 'PX', math.max(1, lease))
redis.call('LPUSH', 'rq:queue:' .. queue .. ':intermediate', rq_id)
return rq_id
