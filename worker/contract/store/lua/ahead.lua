-- What is drawn before a waiting job, and so its place in line, from what line.lua keeps. What came back is first; in a
-- short line each job's turn is known (order.lua), and no two have one place; in a long one it comes at some tag, and
-- everybody who waits is given until then about what brings their own tag up to it (crowd.lua). What is the same for every
-- job is read once a script.
local ahead_of, line_place
do  -- a script may have 200 local variables, so what others do not call stays in here
local function add_job(sum, lane, spot)
  sum.jobs, sum.charge = sum.jobs + 1, sum.charge + spot.charge
  sum.time = sum.time + time_in(lane, spot.charge, spot.guess and spot.charge or 0)
end

-- Add the first `count` of what came back.
local function add_back(sum, back, count)
  for i = 1, count do
    local spot = back.list[i].spot
    add_job(sum, lane_parts(spot.lane), spot)
  end
end

-- Of a short line: each job before this one, as its turn comes.
local function count_order(sum, order, id, spot)
  local place = order.at[id]
  for i = 1, place - 1 do
    local other = order.list[i]
    add_job(sum, other.lane, other.spot)
    if other.spot.person == spot.person and other.spot.server == spot.server then sum.own = sum.own + 1 end
  end
  sum.behind = #order.list - place
end

-- How many of somebody's jobs wait before this one, without those that came back.
local function own_before(id, spot, lanes, back)
  local own, ours = 0, {}
  for i, each in ipairs(lanes) do
    local key = jobs_key({ person = spot.person, server = spot.server, lane = each.name })
    ours[each.name] = true
    if i == 1 then
      own = own + (redis.call('ZRANK', key, id) or 0)
    else
      own = own + redis.call('ZCOUNT', key, '-inf', '(' .. string.format('%.0f', spot.order))
    end
  end
  for _, each in ipairs(back.list) do
    local other = each.spot
    if other.person == spot.person and other.server == spot.server and ours[other.lane] and other.order < spot.order then
      own = own - 1
    end
  end
  return math.max(0, own)
end

-- Of a long line: as much as everybody is given until its turn comes. nil where a part of the line was lost.
local function count_crowds(sum, id, spot, lane, back)
  local known, also = tables['crowd\n' .. spot.server .. '\n' .. lane.name], tables['crowd\n\n' .. lane.name]
  local people, servers = crowds.near(lane, spot.server), crowds.near(lane, '')
  local me, server = crowds.one(people, lane, spot.server, spot.person), crowds.one(servers, lane, '', spot.server)
  sum.counted = (known and 1 or 5) * #people.list + #servers.list
    + (known and 0 or 3 * #people.levels) + (also and 0 or 3 * #servers.levels)
  if not (me and server) then
    sum.jobs, sum.time = line_length() - 1, 0
    for _, one in ipairs(servers.list) do sum.time = sum.time + one.time * one.many end
    return nil
  end
  local own = own_before(id, spot, near.lanes(lane), back)
  sum.own, sum.jobs, sum.charge, sum.time = own, own, own * me.mean, own * me.mean_time
  crowds.count(sum, people, me, me.tag + sum.charge)
  crowds.count(sum, servers, server, server.tag + sum.charge / server.weight)
  sum.behind = -1 - sum.jobs
  for _, one in ipairs(servers.list) do sum.behind = sum.behind + one.jobs * one.many end
  return sum
end

-- How many jobs wait in this lane and those near it.
local function waiting_near(lane)
  local sum = 0
  for _, each in ipairs(near.lanes(lane)) do
    sum = sum + number(redis.call('HGET', K.fair .. 'lanes', each.name), 0)
  end
  return sum
end

-- What is drawn before a waiting job: jobs, charge, time, how many of its person's (`own`), and how much was counted for
-- that; how many jobs wait behind it (`behind`), and whether it came back (`again`). nil when it does not wait.
function ahead_of(id)
  local spot = spot_of(id)
  if not spot then return nil end
  local lane = lane_parts(spot.lane)
  local back, sum = near.back(lane), { jobs = 0, charge = 0, time = 0, counted = 1, own = 0, behind = 0 }
  if back.at[id] then
    sum.again = true
    add_back(sum, back, back.at[id] - 1)
    sum.behind = math.max(0, waiting_near(lane) - back.at[id])
    return sum
  end
  local order = near.order(lane)
  if order and order.at[id] then
    count_order(sum, order, id, spot)
  elseif not count_crowds(sum, id, spot, lane, back) then
    return sum
  end
  add_back(sum, back, #back.list)
  if lane.late then
    local ordinary = lane_parts(string.gsub(lane.name, '|1|', '|0|', 1))
    for _, one in ipairs(crowds.near(ordinary, '').list) do
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
end
