-- Give the next job that this worker can draw a fresh attempt: lease, fence, and RQ's own record of it, which goes
-- straight to RQ's intermediate list as its BLMOVE would have put it; RQ has no part in it where `called` is ''. Returns RQ's id or nil. `warm`: resources that the
-- worker's engine has loaded (JSON, may be left out). `progress`: what its attempt says until it says more (likewise).
local worker, capabilities, lease, unposted_max, version = unpack(ARGV, 1, 5)
local queue, called, timeout, stamp, ttl, keep, token, renew, warm, progress = unpack(ARGV, 6, 15)
lease = lease_for(lease, renew)

local before = redis.call('GET', K.claimed .. token)
if before then return before end  -- its answer was lost on the way

local waiting_bytes = 0
for _, size in ipairs(redis.call('HVALS', K.unposted)) do waiting_bytes = waiting_bytes + number(size, 0) end
if waiting_bytes >= tonumber(unposted_max) then return nil end

local function set_of(list)
  local set = {}
  for _, each in ipairs(cjson.decode(list)) do set[each] = true end
  return set
end
local had = set_of(capabilities)

local function judge(id)
  local job = fields(id, 'state', 'model', 'needs', 'version', 'attempt')
  if number(job.version, 0) > tonumber(version) then return 'elsewhere' end  -- a newer worker's to read
  if STATES[job.state or ''] and job.state ~= 'queued' then return 'gone' end
  local needs = needs_of(job)
  if not (STATES[job.state or ''] and job.model and needs and string.match(job.attempt or '', '^%d%d?%d?$')) then
    return 'damaged'
  end
  return has_all(had, needs) and 'fits' or 'elsewhere'
end

local picked = line_pick(had, tonumber(version), set_of(warm or '[]'), judge, keep)
if not picked then return nil end
local id = picked.id

-- The first write takes memory, so a full Redis refuses it: what could not be stored is not drawn.
local attempt = redis.call('HINCRBY', job_key(id), 'attempt', 1)
line_take(picked)
local job = fields(id, 'told', 'wait_start', 'server', 'day')
if attempt == 1 then
  learn_stretch(job.told, waited_by(job))
  usage_waited(job, waited_by(job))
end
redis.call('HSET', job_key(id), 'state', 'claimed', 'changed', wall, 'claimed', now, 'lease', now + lease,
  'worker', worker)
redis.call('HDEL', job_key(id), 'place', 'eta', 'stalled', 'told', 'why', 'why_cause', 'why_detail')
if progress and progress ~= '' then redis.call('HSET', job_key(id), 'progress', progress) end
redis.call('ZADD', K.leases, now + lease, id)
mark_cosmetic(id, soon(id, 1000))

local rq_id = id .. '-' .. attempt
redis.call('SET', K.claimed .. token, rq_id, 'PX', math.max(1, lease))
if called == '' then return rq_id end
local rq_key = 'rq:job:' .. rq_id
local call = string.format('["%s",null,["%s",%d],{}]', called, id, attempt)
redis.call('HSET', rq_key, 'data', call, 'origin', queue, 'status', 'queued', 'timeout', timeout,
  'created_at', stamp, 'enqueued_at', stamp, 'result_ttl', ttl, 'failure_ttl', ttl, 'description', 'draw ' .. rq_id)
redis.call('EXPIRE', rq_key, tonumber(timeout) + 2 * tonumber(ttl))
redis.call('LPUSH', 'rq:queue:' .. queue .. ':intermediate', rq_id)
return rq_id
