-- Place in line and time until done, from what line.lua keeps: a job's turn comes at some tag, and everybody who waits is
-- given until then what brings their own tag up to it. Included by all that tell or refuse. What is the same for every job
-- (workers, crowds, what runs) is read once a script, so that telling a whole line is one pass over it.
local slots_alive, ahead_of, line_place, wait_of, waited_by, eta_at, standing, first_done
do  -- a script may have 200 local variables, so what others do not call stays in here
local NEAR = 200  -- servers, and people of a server, that are counted one by one; those behind them by their mean
local slots_by_needs, ratios, running_by_lane = {}, {}, {}

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

-- What jobs of a resource really take for each millisecond that they are charged; nil when none was drawn yet.
local function ratio_of(resource)
  if ratios[resource] == nil then
    local ratio, pace = known_ratio(resource), number(redis.call('HGET', K.pace, resource))
    ratios[resource] = ratio or pace and 1 or false
  end
  return ratios[resource] or nil
end

-- Milliseconds that a job takes by itself, by its record's fields; nil when none of its model was drawn yet.
local function duration(job)
  local ratio = job.model and number(job.cost) and ratio_of(job.model)
  return ratio and charge_in(job) * ratio or nil
end

local function resource_of(lane)
  return string.match(lane.needs and lane.needs[1] or '', '[^:]*$')
end

-- This lane and those near it, by name and taken apart.
local function lanes_alike(lane)
  local key = 'alike\n' .. lane.name
  if not tables[key] then
    tables[key] = { lane }
    for _, name in ipairs(lanes_near(lane)) do table.insert(tables[key], lane_parts(name)) end
  end
  return tables[key]
end

-- Add the crowd of one lane's level to that of all lanes of a group. `behind`: how many jobs wait there in all.
local function add_crowd(crowd, lane, at, shift, behind)
  local flat, names, heldtexts = redis.call('ZRANGE', at.waits, 0, NEAR - 1, 'WITHSCORES'), {}, {}
  for i = 1, #flat, 2 do table.insert(names, string.sub(flat[i], 18)) end
  if #names == 0 then return end
  heldtexts = redis.call('HMGET', at.held, unpack(names))
  local ratio, jobs_listed, charge_listed = ratio_of(resource_of(lane)) or 1, 0, 0
  for i, name in ipairs(names) do
    local jobs, charge, weight = string.match(heldtexts[i] or '', '^(%d+) (%d+) (%S+) ')
    jobs, charge, weight = tonumber(jobs) or 1, tonumber(charge) or 1, tonumber(weight) or 1
    local tag, member, one = tonumber(flat[2 * i]) + shift, flat[2 * i - 1], crowd.by[name]
    if not one then
      one = { tag = math.huge, jobs = 0, charge = 0, time = 0, weight = weight, many = 1 }
      crowd.by[name] = one
      table.insert(crowd.list, one)
    end
    if tag < one.tag then one.tag, one.joined = tag, member end
    one.jobs, one.charge, one.time = one.jobs + jobs, one.charge + charge, one.time + charge * ratio
    jobs_listed, charge_listed = jobs_listed + jobs, charge_listed + charge
  end
  local others = redis.call('ZCARD', at.waits) - #names
  if others > 0 then
    local jobs, mean = math.max(1, (behind - jobs_listed) / others), charge_listed / jobs_listed
    table.insert(crowd.list, {
      tag = tonumber(flat[#flat]) + shift, joined = flat[#flat - 1], jobs = jobs, charge = jobs * mean,
      time = jobs * mean * ratio, weight = 1, many = others, at = at, shift = shift, listed = #names,
    })
  end
end

-- What one of a crowd is given with each job, on average: charge and time, and by how much that moves its tag.
local function weigh_up(one)
  one.mean, one.mean_time = one.charge / one.jobs, one.time / one.jobs
  one.step = math.max(1, one.mean) / one.weight
  return one
end

-- All who wait at a level of a lane and of those near it: { by = name → one, list }, each with tag, jobs, charge, time
-- and weight.
local function crowd_near(lane, server)
  local key = 'crowd\n' .. server .. '\n' .. lane.name
  if tables[key] then return tables[key] end
  local crowd, levels, furthest = { by = {}, list = {}, shifts = {} }, {}, -math.huge
  for _, each in ipairs(lanes_alike(lane)) do
    local at = level(each.name, server)
    if redis.call('EXISTS', at.waits) == 1 then
      local clock, ahead = clock_of(at), ahead_in(at)
      furthest = math.max(furthest, clock + ahead)
      table.insert(levels, { lane = each, at = at, clock = clock, ahead = ahead })
    end
  end
  for _, each in ipairs(levels) do
    local behind = tonumber(redis.call('HGET', K.fair .. 'lanes', each.lane.name) or nil) or 0
    if server ~= '' then behind = (held_of(level(each.lane.name, ''), server) or { jobs = 0 }).jobs end
    crowd.shifts[each.lane.name] = math.max(each.ahead, furthest - APART - each.clock)
    add_crowd(crowd, each.lane, each.at, crowd.shifts[each.lane.name], behind)
  end
  for _, one in ipairs(crowd.list) do weigh_up(one) end
  tables[key] = crowd
  return crowd
end

-- How many jobs of this one are drawn before one that starts at `tag`, of somebody who joined then.
local function turns(one, tag, joined)
  local whole = (tag - one.tag) / one.step
  if whole < -1e-9 then return 0 end
  local count = math.ceil(whole - 1e-9)
  if whole - math.floor(whole + 1e-9) < 1e-9 and one.joined < joined then count = count + 1 end
  return math.min(one.jobs, count)
end

-- How many of those who are not counted one by one are drawn for before that. Their tags hardly differ, so it is one turn
-- each, mostly.
local function turns_behind(rest, mine, tag)
  local rank = tag == mine.tag and redis.call('ZRANK', rest.at.waits, mine.joined)
  local before = rank or redis.call('ZCOUNT', rest.at.waits, '-inf', string.format('%.17g', tag - rest.shift))
  return math.max(0, before - rest.listed) * math.max(1, turns(rest, tag, mine.joined))
end

-- Add to a sum (jobs, charge, time) what a crowd is given before `mine` is at `tag`.
local function count_crowd(sum, crowd, mine, tag)
  for _, one in ipairs(crowd.list) do
    if one ~= mine and one.tag <= tag then
      local count = one.at and turns_behind(one, mine, tag) or turns(one, tag, mine.joined)
      sum.jobs = sum.jobs + count
      sum.charge = sum.charge + count * one.mean
      sum.time = sum.time + count * one.mean_time
    end
  end
end

-- One of a crowd, who may be behind those that are counted one by one; nil when a part of the line was lost.
local function one_of(crowd, lane, server, name)
  if crowd.by[name] then return crowd.by[name] end
  local at = level(lane.name, server)
  local held = held_of(at, name)
  local tag = held and tonumber(redis.call('ZSCORE', at.waits, held.member) or nil)
  if not tag then return nil end
  return weigh_up {
    tag = tag + (crowd.shifts[lane.name] or 0), joined = held.member, jobs = held.jobs, charge = held.charge,
    time = held.charge * (ratio_of(resource_of(lane)) or 1), weight = held.weight, many = 1,
  }
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

-- Milliseconds that are left of what is drawn now by workers that can draw this job: those of a job whose time is not
-- known count as long as `own`.
local function running(job, own)
  local needs, key = needs_of(job) or {}, job.needs or job.model or ''
  if running_by_lane[key] then return running_by_lane[key] end
  local sum = 0
  for _, id in ipairs(redis.call('ZRANGE', K.leases, 0, 63)) do
    local other = fields(id, 'cost', 'model', 'charge', 'request', 'needs', 'claimed')
    local theirs = needs_of(other)
    if theirs and share_worker(theirs, needs) then
      local whole = duration(other) or own
      sum = sum + math.max(whole / 10, whole - (now - number(other.claimed, now)))
    end
  end
  running_by_lane[key] = sum
  return sum
end

-- Milliseconds until a job's turn comes, if nobody else asks for anything; nil when nobody can say.
function wait_of(job, ahead, window)
  local own, slots = duration(job), slots_alive(job, window)
  if not own or slots == 0 or not ahead then return nil end
  return (running(job, own) + ahead.time) / slots
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
