-- Place in line and time until done, by the pace of jobs before. Included by all that tell or refuse. What is the same
-- for every job (workers, paces, what runs) is read once a script, so that telling a whole line is one pass over it.
local NEAR = 200  -- places ahead that are looked at; what stands before them counts as their average
local workers_heard
local slots_by_needs, paces = {}, {}

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

-- How many slots can draw a job, by its fields `needs` and `model`, of workers that were heard of within `window`
-- milliseconds.
local function slots_alive(job, window)
  local asked = job.needs or job.model or ''
  if slots_by_needs[asked] then return slots_by_needs[asked] end
  local needs, slots = needs_of(job), 0
  for _, worker in ipairs(needs and workers() or {}) do
    if worker.seen > now - window and has_all(worker.had, needs) then slots = slots + worker.slots end
  end
  slots_by_needs[asked] = slots
  return slots
end

-- Milliseconds that a job takes by itself, by its fields `cost` and `model`; nil when none of its model was drawn yet.
local function duration(job)
  local cost = number(job.cost)
  if not (job.model and cost) then return nil end
  if paces[job.model] == nil then paces[job.model] = number(redis.call('HGET', K.pace, job.model)) or false end
  return paces[job.model] and cost * paces[job.model] or nil
end

-- Jobs that come first, as a sum that grows: the milliseconds of those whose time is known, and how many are not.
local function tally()
  return { jobs = 0, known = 0, unknown = 0 }
end

local function count(sum, job)
  local took = duration(job)
  sum.jobs = sum.jobs + 1
  if took then sum.known = sum.known + took else sum.unknown = sum.unknown + 1 end
end

-- The milliseconds of a tally, where a job that is not known counts as long as `own`.
local function total(sum, own)
  return sum.known + sum.unknown * own
end

local running_now
-- What is drawn now; of each, half is taken to be left.
local function running()
  if running_now then return running_now end
  running_now = tally()
  for _, id in ipairs(redis.call('ZRANGE', K.leases, 0, 63)) do count(running_now, fields(id, 'cost', 'model')) end
  return running_now
end

-- Milliseconds until a job at this place is done, with `near` the tally of the first jobs in line before it, NEAR at
-- most; -1 when nobody can say.
local function eta_at(job, place, near, window)
  local own, slots = duration(job), slots_alive(job, window)
  if not own or slots == 0 then return -1 end
  local sum = total(near, own)
  if near.jobs > 0 then sum = sum * (place - 1) / near.jobs end
  return math.floor(own + (total(running(), own) / 2 + sum) / slots)
end

local function standing(id, window)
  local place = line_place(id)
  if not place then return { -1, -1 } end
  local job, near = fields(id, 'model', 'needs', 'cost'), tally()
  if not duration(job) or slots_alive(job, window) == 0 then return { place, -1 } end
  for _, other in ipairs(line_slice(1, math.min(place - 1, NEAR))) do count(near, fields(other, 'cost', 'model')) end
  return { place, eta_at(job, place, near, window) }
end

-- Milliseconds until the first of these jobs is probably done; -1 when nobody can say.
local function first_done(ids, window)
  local soonest, foremost, place = -1, nil, math.huge
  for _, id in ipairs(ids) do
    local job = fields(id, 'state', 'claimed', 'cost', 'model')
    local whole = job.state == 'claimed' and duration(job)
    if whole then
      local left = math.max(1000, math.floor(number(job.claimed, now) + whole - now))
      if soonest < 0 or left < soonest then soonest = left end
    elseif (line_place(id) or math.huge) < place then
      foremost, place = id, line_place(id)
    end
  end
  if soonest < 0 and foremost then return standing(foremost, window)[2] end
  return soonest
end
