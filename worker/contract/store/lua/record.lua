-- Shared by every script: what a job's record says. Reads alone; prelude.lua has the ways in which one changes.

local STATES = { queued = true, claimed = true, rendered = true, posted = true, failed = true, cancelled = true }

local function job_key(id) return K.job .. id end

-- The same, or else what the caller was started with: Redis was emptied a moment ago, or knows older versions alone.
local function setting(name, own)
  return shared(name) or tonumber(own)
end

-- For how long an attempt holds its job from now on. One that renews more slowly than the lease in force bears would
-- lose every job: it keeps its own lease as far as two renewals need it.
local function lease_for(own, renew)
  return math.max(setting('lease', own), math.min(tonumber(own), 2 * tonumber(renew)))
end

-- The capabilities that a job asks of its worker, by its fields `needs` and `model`; nil when they cannot be read. A
-- record of a bot that knew of no needs has its model alone.
local function needs_of(job)
  if not job.needs then return job.model and { job.model } end
  local whole, needs = pcall(cjson.decode, job.needs)
  if not whole or type(needs) ~= 'table' or #needs == 0 then return nil end
  for _, need in ipairs(needs) do
    if type(need) ~= 'string' then return nil end
  end
  return needs
end

-- Is everything that is needed among what is had (a table by capability)?
local function has_all(had, needs)
  for _, need in ipairs(needs) do
    if not had[need] then return false end
  end
  return true
end

-- What a worker said last: a table, empty when it cannot be read.
local function heartbeat_of(text)
  local whole, heartbeat = pcall(cjson.decode, text)
  return whole and type(heartbeat) == 'table' and heartbeat or {}
end

-- Several fields of a job's record, as a table by name; a missing field is nil, and so is all of what is no record.
local function fields(id, ...)
  local names, out = { ... }, {}
  local values = redis.pcall('HMGET', job_key(id), unpack(names))
  for i, name in ipairs(names) do out[name] = values[i] or nil end
  return out
end

local workers_heard

-- Every worker's last heartbeat: when it was, its slots, and its capabilities as a table. Read once a script.
local function workers()
  if workers_heard then return workers_heard end
  workers_heard = {}
  local flat = redis.call('HGETALL', K.workers)
  for i = 2, #flat, 2 do
    local heartbeat, had = heartbeat_of(flat[i]), {}
    for _, name in ipairs(type(heartbeat.models) == 'table' and heartbeat.models or {}) do had[name] = true end
    table.insert(workers_heard, { seen = number(heartbeat.seen, 0), slots = number(heartbeat.slots, 0), had = had })
  end
  return workers_heard
end

-- Is there a worker that has both all of these needs and all of those?
local function share_worker(needs, others)
  for _, worker in ipairs(workers()) do
    if has_all(worker.had, needs) and has_all(worker.had, others) then return true end
  end
  return false
end
