-- Time until a waiting job is done, from what is drawn before it (ahead.lua) and what is drawn now. Included by all that
-- tell or refuse. What is the same for every job (workers, what runs) is read once a script, so that telling a whole line
-- is one pass over it.
local slots_alive, wait_of, waited_by, eta_at, standing, first_done
do  -- a script may have 200 local variables, so what others do not call stays in here
local slots_by_needs, running_by_lane = {}, {}

local SLOTS = 64  -- that are looked at one by one

-- Whichever slot is free first draws for so long.
local function take_slot(free, ms)
  local first = 1
  for slot = 2, #free do
    if free[slot] < free[first] then first = slot end
  end
  free[first] = free[first] + ms
end

-- How many slots can draw a job, by its fields `needs` and `model`, of workers that were heard of within `window`
-- milliseconds.
function slots_alive(job, window)
  local asked = job.needs or job.model or ''
  if slots_by_needs[asked] then return slots_by_needs[asked] end
  local needs, slots = needs_of(job), 0
  for _, worker in ipairs(needs and workers() or {}) do
    if worker.seen > now - window and has_all(worker.had, needs) then slots = slots + worker.slots end
  end
  slots_by_needs[asked] = slots
  return slots
end

-- Milliseconds that a job takes by itself, by its record's fields; nil when none of its model was drawn yet.
local function duration(job)
  if not (job.model and number(job.cost)) then return nil end
  local ratio = is_guess(job) and known_ratio(job.model, true) or ratio_of(job.model)
  return ratio and charge_in(job) * ratio or nil
end

-- Which share of a job's steps is done, by its field `progress`; nil before its first.
local function done_of(job)
  local whole, told = pcall(cjson.decode, job.progress or '')
  local progress = whole and type(told) == 'table' and told or {}
  local step, steps = number(progress.step, 0), number(progress.steps, 0)
  return step > 0 and steps > 0 and math.min(1, step / steps) or nil
end

-- How much device time what is drawn now still takes, of jobs that this one's workers can draw, the longest first: by
-- time, as where each device draws one (`left`), and by progress, of those that have begun (`begun`) and not (`unbegun`).
-- A job whose time is not known counts as long as `own`.
local function what_runs(job, own)
  local needs, key = needs_of(job) or {}, job.needs or job.model or ''
  if running_by_lane[key] then return running_by_lane[key] end
  local runs = { left = {}, begun = {}, unbegun = {} }
  for _, id in ipairs(redis.call('ZRANGE', K.leases, 0, SLOTS - 1)) do
    local other = fields(id, 'cost', 'model', 'charge', 'request', 'needs', 'claimed', 'progress')
    local theirs = needs_of(other)
    if theirs and share_worker(theirs, needs) then
      local whole, done = duration(other) or own, done_of(other)
      table.insert(runs.left, math.max(whole / 10, whole - (now - number(other.claimed, now))))
      table.insert(done and runs.begun or runs.unbegun, math.max(whole / 10, whole * (1 - (done or 0))))
    end
  end
  for _, each in pairs(runs) do table.sort(each, function(one, other) return one > other end) end
  running_by_lane[key] = runs
  return runs
end

-- When each of those that draw is free, as far as what is drawn now tells, in milliseconds of their own time: devices
-- that draw one job at a time or, where they draw more than that now, each of these, which gets its part of a device.
-- None where all fell silent: what they draw is theirs until its lease is over, and makes nobody free.
local function slots_free(job, own, slots)
  local runs, free = what_runs(job, own), {}
  if slots < 1 then return free end
  if #runs.begun > slots then
    for _, ms in ipairs(runs.begun) do table.insert(free, ms) end
    for _, ms in ipairs(runs.unbegun) do take_slot(free, ms) end
    return free
  end
  for slot = 1, math.min(slots, SLOTS) do free[slot] = 0 end
  for _, ms in ipairs(runs.left) do take_slot(free, ms) end
  return free
end

-- Milliseconds that a job of `own` device time takes from its turn on, at `from`: longer where others share its device,
-- who are drawn then already, or are the next.
local function drawn_in(free, from, own, slots)
  local work = 0
  for _, ms in ipairs(free) do work = work + math.max(0, math.min(ms, from + own) - from) end
  return math.max(own, work / slots)
end

-- Milliseconds until a job's turn comes, if nobody else asks for anything, and those that it then takes; nil when nobody
-- can say.
function wait_of(job, ahead, window)
  local own, slots = duration(job), slots_alive(job, window)
  if not own or slots < 1 or not ahead then return nil end
  local free, jobs = slots_free(job, own, slots), math.floor(ahead.jobs + 0.5)
  local each, together = ahead.time / math.max(1, jobs), #free > slots
  if jobs > 4 * #free then  -- many: one like the other, until a few are left
    local sum = ahead.time - 2 * #free * each
    for _, ms in ipairs(free) do sum = sum + ms end
    for slot = 1, #free do free[slot] = sum / #free end
    jobs = 2 * #free
  end
  for _ = 1, jobs do take_slot(free, each) end
  local turn = math.min(unpack(free))
  local wait = turn * #free / slots
  if not together then return wait, own end
  take_slot(free, own)
  for _ = 1, math.min(math.floor(ahead.behind + 0.5), #free) do take_slot(free, each > 0 and each or own) end
  return wait, drawn_in(free, turn, own, slots)
end

local unreaped
-- For how long a job has waited, by its field `wait_start` (reap.lua says what is unreaped).
function waited_by(job)
  unreaped = unreaped or number(redis.call('HGET', K.reaper, 'unreaped'), 0)
  return math.max(0, now - unreaped - number(job.wait_start, now - unreaped))
end

-- Milliseconds until a job is done that has this ahead of it; -1 when nobody can say. The longer it has waited, the fewer
-- of those who go before it are still to come; nobody goes before what came back.
function eta_at(job, ahead, window)
  local wait, drawn = wait_of(job, ahead, window)
  if not wait then return -1 end
  local more = ahead.again and 0 or (stretch_of(ahead.own) - 1) * (wait + 1) / (wait + 1 + waited_by(job))
  return math.floor(drawn + wait * (1 + more))
end

function standing(id, window)
  local ahead = ahead_of(id)
  local place = line_place(id, ahead)
  if not place then return { -1, -1 } end
  local job = fields(id, 'model', 'needs', 'cost', 'charge', 'request', 'wait_start')
  return { place, eta_at(job, ahead, window) }
end

-- Milliseconds until a job is done that is drawn now.
local function left_of(job, window)
  local whole, done, slots = duration(job), done_of(job), slots_alive(job, window)
  local free = done and slots_free(job, whole, slots) or {}
  if #free > slots then return drawn_in(free, 0, whole * (1 - done), slots) end
  return number(job.claimed, now) + whole - now
end

-- Milliseconds until the first of these jobs is probably done; -1 when nobody can say.
function first_done(ids, window)
  local soonest, foremost, place = -1, nil, math.huge
  for i, id in ipairs(ids) do
    local job = fields(id, 'state', 'claimed', 'cost', 'model', 'charge', 'request', 'needs', 'progress')
    if job.state == 'claimed' and duration(job) then
      local left = math.max(1000, math.floor(left_of(job, window)))
      if soonest < 0 or left < soonest then soonest = left end
    elseif soonest < 0 and i <= 64 then
      local at = line_place(id)
      if at and at < place then foremost, place = id, at end
    end
  end
  if soonest < 0 and foremost then return standing(foremost, window)[2] end
  return soonest
end
end
