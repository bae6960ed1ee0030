-- Place in line and time until done, from what line.lua keeps: a job's turn comes at some tag, and everybody who waits is
-- given until then what brings their own tag up to it (crowd.lua). Included by all that tell or refuse. What is the same
-- for every job (workers, crowds, what runs) is read once a script, so that telling a whole line is one pass over it.
local slots_alive, ahead_of, line_place, wait_of, waited_by, eta_at, standing, first_done
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

-- What is drawn before a waiting job: jobs, charge, time, and how much was counted for that; nil when it does not wait.
function ahead_of(id)
  local spot = spot_of(id)
  if not spot then return nil end
  local again = redis.call('ZRANK', K.fair .. 'back', id)
  if again then return { jobs = again, charge = 0, time = 0, counted = 1, own = 0 } end
  local lane, own = lane_parts(spot.lane), 0
  local known = tables['crowd\n' .. spot.server .. '\n' .. lane.name]
  local people, servers = crowd_near(lane, spot.server), crowd_near(lane, '')
  local me, server = one_of(people, lane, spot.server, spot.person), one_of(servers, lane, '', spot.server)
  local sum = { jobs = 0, charge = 0, time = 0, counted = (known and 1 or 5) * #people.list + #servers.list, own = 0 }
  if not (me and server) then
    sum.jobs, sum.time = line_length() - 1, 0
    for _, one in ipairs(servers.list) do sum.time = sum.time + one.time * one.many end
    return sum
  end
  for _, each in ipairs(lanes_alike(lane)) do
    local key = jobs_key({ person = spot.person, server = spot.server, lane = each.name })
    if each.name == lane.name then
      own = own + (redis.call('ZRANK', key, id) or 0)
    else
      own = own + redis.call('ZCOUNT', key, '-inf', '(' .. string.format('%.0f', spot.order))
    end
  end
  sum.own, sum.jobs, sum.charge, sum.time = own, own, own * me.mean, own * me.mean_time
  count_crowd(sum, people, me, me.tag + sum.charge)
  count_crowd(sum, servers, server, server.tag + sum.charge / server.weight)
  if lane.late then
    local ordinary = lane_parts(string.gsub(lane.name, '|1|', '|0|', 1))
    for _, one in ipairs(crowd_near(ordinary, '').list) do
      sum.jobs, sum.time = sum.jobs + one.jobs * one.many, sum.time + one.time * one.many
    end
  end
  return sum
end

-- 1 for the next job; nil when it does not wait. `ahead`: what ahead_of said.
function line_place(id, ahead)
  ahead = ahead or ahead_of(id)
  if ahead then return math.floor(ahead.jobs + 0.5) + 1 end
  local rank = redis.call('ZRANK', K.line, id)  -- an older bot's, which the reaper moves
  return rank and redis.call('ZCARD', K.fair .. 'all') + rank + 1 or nil
end

-- When each slot that can draw this job is free, as far as what is drawn now tells, in milliseconds from now. A job whose
-- time is not known counts as long as `own`.
local function slots_free(job, own, slots)
  local needs, key = needs_of(job) or {}, job.needs or job.model or ''
  if not running_by_lane[key] then
    local left = {}
    for _, id in ipairs(redis.call('ZRANGE', K.leases, 0, 63)) do
      local other = fields(id, 'cost', 'model', 'charge', 'request', 'needs', 'claimed')
      local theirs = needs_of(other)
      if theirs and share_worker(theirs, needs) then
        local whole = duration(other) or own
        table.insert(left, math.max(whole / 10, whole - (now - number(other.claimed, now))))
      end
    end
    table.sort(left, function(one, other) return one > other end)
    running_by_lane[key] = left
  end
  local free = {}
  for slot = 1, math.min(slots, SLOTS) do free[slot] = 0 end
  for _, ms in ipairs(running_by_lane[key]) do take_slot(free, ms) end
  return free
end

-- Milliseconds until a job's turn comes, if nobody else asks for anything; nil when nobody can say.
function wait_of(job, ahead, window)
  local own, slots = duration(job), slots_alive(job, window)
  if not own or slots == 0 or not ahead then return nil end
  local free, jobs = slots_free(job, own, slots), math.floor(ahead.jobs + 0.5)
  local each = ahead.time / math.max(1, jobs)
  if jobs > 4 * #free then  -- many: one like the other, until a few are left
    local sum = ahead.time - 2 * #free * each
    for _, ms in ipairs(free) do sum = sum + ms end
    for slot = 1, #free do free[slot] = sum / #free end
    jobs = 2 * #free
  end
  for _ = 1, jobs do take_slot(free, each) end
  return math.min(unpack(free)) * #free / slots
end

local unreaped
-- For how long a job has waited, by its field `wait_start` (reap.lua says what is unreaped).
function waited_by(job)
  unreaped = unreaped or number(redis.call('HGET', K.reaper, 'unreaped'), 0)
  return math.max(0, now - unreaped - number(job.wait_start, now - unreaped))
end

-- Milliseconds until a job is done that has this ahead of it; -1 when nobody can say. The longer it has waited, the fewer
-- of those who go before it are still to come.
function eta_at(job, ahead, window)
  local wait = wait_of(job, ahead, window)
  if not wait then return -1 end
  local more = (stretch_of(ahead.own) - 1) * (wait + 1) / (wait + 1 + waited_by(job))
  return math.floor(duration(job) + wait * (1 + more))
end

function standing(id, window)
  local ahead = ahead_of(id)
  local place = line_place(id, ahead)
  if not place then return { -1, -1 } end
  local job = fields(id, 'model', 'needs', 'cost', 'charge', 'request', 'wait_start')
  return { place, eta_at(job, ahead, window) }
end

-- Milliseconds until the first of these jobs is probably done; -1 when nobody can say.
function first_done(ids, window)
  local soonest, foremost, place = -1, nil, math.huge
  for i, id in ipairs(ids) do
    local job = fields(id, 'state', 'claimed', 'cost', 'model', 'charge', 'request')
    local whole = job.state == 'claimed' and duration(job)
    if whole then
      local left = math.max(1000, math.floor(number(job.claimed, now) + whole - now))
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
