-- Place in line and time until done, by the pace of jobs before. Included by standing and announce.
local workers_heard
local slots_by_needs = {}

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

-- Milliseconds that a job takes by itself, nil when none of its model was drawn yet.
local function duration(id)
  local job = fields(id, 'cost', 'model')
  local pace = job.model and number(redis.call('HGET', K.pace, job.model))
  local cost = number(job.cost)
  return pace and cost and cost * pace
end

local function standing(id, window)
  local place = line_place(id)
  if not place then return { -1, -1 } end
  local own = duration(id)
  local slots = slots_alive(fields(id, 'model', 'needs'), window)
  if not own or slots == 0 then return { place, -1 } end
  local ahead = 0
  for _, running in ipairs(redis.call('ZRANGE', K.leases, 0, 63)) do ahead = ahead + (duration(running) or own) / 2 end
  local near = line_slice(1, math.min(place - 1, 200))
  local sum = 0
  for _, other in ipairs(near) do sum = sum + (duration(other) or own) end
  if #near > 0 then sum = sum * (place - 1) / #near end
  return { place, math.floor(own + (ahead + sum) / slots) }
end

-- Milliseconds until the first of these jobs is probably done; -1 when nobody can say.
local function first_done(ids, window)
  local soonest, foremost, place = -1, nil, math.huge
  for _, id in ipairs(ids) do
    local job = fields(id, 'state', 'claimed')
    local whole = job.state == 'claimed' and duration(id)
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
