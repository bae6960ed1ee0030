-- How much servers and people are given before one's turn comes, for ahead.lua. Few are counted one by one. Of a large
-- crowd some stand for all: those who have the most in line, and of the others one of each of several equal parts; how
-- many of them get a turn at all is counted exactly. So an estimate costs the same however many wait.
local ratio_of, time_in
local crowds = {}  -- a table, for a script may have 200 local variables
do  -- likewise, what others do not call stays in here
local EXACT = 24  -- of a level; with more, some stand for all
local MOST, PARTS = 8, 16  -- those with the most in line, and how many stand for the others
local ratios = {}

-- What jobs of a resource really take for each millisecond that they are charged; nil when none was drawn yet.
function ratio_of(resource)
  if ratios[resource] == nil then
    local ratio, pace = known_ratio(resource), number(redis.call('HGET', K.pace, resource))
    ratios[resource] = ratio or pace and 1 or false
  end
  return ratios[resource] or nil
end

-- What `charge` takes that somebody has in line, of which so much was charged by a guess: the one by what was seen of
-- such, the other by what was seen of those. A guess may be wrong by a hundred times.
function time_in(lane, charge, guess)
  local resource = string.match(lane.needs and lane.needs[1] or '', '[^:]*$')
  local ratio, key = ratio_of(resource) or 1, 'guess\n' .. resource
  if guess == 0 then return charge * ratio end
  ratios[key] = ratios[key] or known_ratio(resource, true) or ratio
  guess = math.min(guess, charge)  -- a process that knows nothing of guesses leaves some behind
  return (charge - guess) * ratio + guess * ratios[key]
end

-- What came back goes before all others, and is nothing that its owners are given at their turn. By name of whoever of
-- this level it is, of all these lanes: a list of spots.
local function returned_by(crowd, lane, server)
  local found, ours = {}, {}
  for _, each in ipairs(crowd.levels) do ours[each.lane.name] = true end
  for _, each in ipairs(near.back(lane).list) do
    local spot = each.spot
    local name = server == '' and spot.server or server == spot.server and spot.person
    if name and ours[spot.lane] then
      found[name] = found[name] or {}
      table.insert(found[name], spot)
    end
  end
  return found
end

-- Who is to be looked at in a level: `many` (who → how many they stand for), to which this one adds.
local function choose(at, many, lanes)
  local waiting = redis.call('ZCARD', at.waits)
  -- Without `most` any order does, and then that of `waits` is as good.
  local key, from = at.most, 1
  if waiting <= EXACT or 2 * redis.call('ZCARD', key) < waiting then key, from = at.waits, 18 end
  local function note(first, last, stands_for)
    for _, member in ipairs(redis.call('ZRANGE', key, first, last)) do
      local who = string.sub(member, from)
      many[who] = math.min(many[who] or math.huge, stands_for)
    end
  end
  if waiting <= EXACT then
    note(0, -1, 1)
  else
    local parts, most = math.max(4, math.ceil(PARTS / lanes)), math.max(2, math.ceil(MOST / lanes))
    local others = redis.call('ZCARD', key) - most
    note(-most, -1, 1)
    for part = 1, parts do
      local middle = math.floor((part - 0.5) * others / parts)
      note(middle, middle, math.max(1, (waiting - most) / parts))
    end
  end
  return waiting
end

-- How much was charged by a guess of those who are looked at, by name. That is nobody, but in the minutes after the first
-- jobs of a model.
local function guessed_in(each, names)
  local found = {}
  if redis.call('EXISTS', each.at.guess) == 0 then return found end
  for i, text in ipairs(redis.call('HMGET', each.at.guess, unpack(names))) do found[names[i]] = number(text) end
  return found
end

-- What a lane holds of those who are looked at, by name. Where few wait in it, it is read whole: to ask each of many lanes
-- for all who wait in any of them takes as many reads as there are of the one times the other.
local function held_in(each, names)
  local found = {}
  if each.waiting <= EXACT then
    local flat = redis.call('HGETALL', each.at.held)
    for i = 1, #flat, 2 do found[flat[i]] = flat[i + 1] end
  else
    for i, text in ipairs(redis.call('HMGET', each.at.held, unpack(names))) do found[names[i]] = text end
  end
  return found
end

-- Add what those who are looked at have in one lane. Tags of those who stand for others are not read: they lie within
-- one step of the foremost, so half a step is as good for all of them together.
local function add_lane(crowd, names, many, each, shift)
  local guessed = guessed_in(each, names)
  for name, text in pairs(held_in(each, names)) do
    local jobs, charge, weight, member = string.match(text or '', '^(%d+) (%d+) (%S+) (.+)$')
    weight = tonumber(weight) or 1
    local tag = jobs and many[name] and (many[name] > 1 and each.tag + charge / jobs / weight / 2
      or tonumber(redis.call('ZSCORE', each.at.waits, member) or nil))
    if tag then
      local one = crowd.by[name]
      if not one then
        one = { tag = math.huge, jobs = 0, charge = 0, time = 0, weight = weight, lanes = 0 }
        crowd.by[name] = one
        table.insert(crowd.list, one)
      end
      if tag + shift < one.tag then one.tag, one.joined = tag + shift, member end
      one.jobs, one.charge = one.jobs + tonumber(jobs), one.charge + tonumber(charge)
      one.time, one.lanes = one.time + time_in(each.lane, tonumber(charge), guessed[name] or 0), one.lanes + 1
    end
  end
end

local function take_back(one, spots)
  for _, spot in ipairs(spots or {}) do
    local time = time_in(lane_parts(spot.lane), spot.charge, spot.guess and spot.charge or 0)
    one.jobs, one.charge, one.time = one.jobs - 1, one.charge - spot.charge, one.time - time
  end
  if one.jobs <= 0 then one.jobs, one.charge, one.time = 0, 0, 0 end
end

-- What one of a crowd is given with each job, on average: charge and time, and by how much that moves its tag.
local function weigh_up(one)
  one.mean, one.mean_time = one.charge / math.max(1, one.jobs), one.time / math.max(1, one.jobs)
  one.step = math.max(1, one.mean) / one.weight
  return one
end

-- For how many each of them stands, so that together they are all who wait.
local function share_out(crowd, many, waiting, server)
  local singles, parts = 0, 0
  for name, one in pairs(crowd.by) do
    -- Who waits in several lanes was as much more likely to be chosen.
    one.many = many[name] > 1 and math.max(1.001, many[name] / one.lanes) or 1
    if one.many == 1 then singles = singles + 1 else parts = parts + one.many end
  end
  if parts == 0 then return end
  local all = math.min(waiting, redis.call('HLEN', K.fair .. 'crowd:' .. server) - 1)
  crowd.once = all / waiting
  for _, one in ipairs(crowd.list) do
    if one.many > 1 then one.many = math.max(1.001, one.many * (all - singles) / parts) end
  end
end

-- All who wait at a level of a lane and of those near it: { by = name → one, list }, each with tag, jobs, charge, time,
-- weight and for how many it stands; `once` is there when some stand for others.
function crowds.near(lane, server)
  local key = 'crowd\n' .. server .. '\n' .. lane.name
  if tables[key] then return tables[key] end
  local crowd, furthest = { by = {}, list = {}, shifts = {}, levels = {} }, -math.huge
  for _, each in ipairs(near.lanes(lane)) do
    local at = level(each.name, server)
    local head, tag = head_of(at)
    if head then
      local clock, ahead = clock_of(at), ahead_in(at)
      furthest = math.max(furthest, clock + ahead)
      table.insert(crowd.levels, { lane = each, at = at, tag = tag, clock = clock, ahead = ahead })
    end
  end
  local many, names, waiting = {}, {}, 0
  for _, each in ipairs(crowd.levels) do
    each.waiting = choose(each.at, many, #crowd.levels)
    waiting = waiting + each.waiting
  end
  local spots = returned_by(crowd, lane, server)
  for name in pairs(spots) do many[name] = 1 end
  for name in pairs(many) do table.insert(names, name) end
  for _, each in ipairs(crowd.levels) do
    each.shift = math.max(each.ahead, furthest - APART - each.clock)
    crowd.shifts[each.lane.name] = each.shift
    add_lane(crowd, names, many, each, each.shift)
  end
  share_out(crowd, many, waiting, server)
  for name, one in pairs(crowd.by) do
    take_back(one, spots[name])
    weigh_up(one)
  end
  tables[key] = crowd
  return crowd
end

-- How many jobs of this one, had it enough of them, are drawn before one that starts at `tag`, of somebody who joined
-- then.
local function turns(one, tag, joined)
  local whole = (tag - one.tag) / one.step
  if whole < -1e-9 then return 0 end
  local count = math.ceil(whole - 1e-9)
  if whole - math.floor(whole + 1e-9) < 1e-9 and one.joined < joined then count = count + 1 end
  return count
end

-- How many of a crowd get a turn before `mine` is at `tag`.
local function begun(crowd, mine, tag)
  local before = 0
  for _, each in ipairs(crowd.levels) do
    local rank = tag == mine.tag and redis.call('ZRANK', each.at.waits, mine.joined)
    local text = string.format('%.17g', tag - each.shift)
    before = before + (rank or redis.call('ZCOUNT', each.at.waits, '-inf', (tag == mine.tag and '(' or '') .. text))
  end
  return before * crowd.once
end

local function add(sum, one, count)
  sum.jobs = sum.jobs + count
  sum.charge = sum.charge + count * one.mean
  sum.time = sum.time + count * one.mean_time
end

-- Add to a sum (jobs, charge, time) what a crowd is given before `mine` is at `tag`.
function crowds.count(sum, crowd, mine, tag)
  local rest, singles, several = { jobs = 0, charge = 0, time = 0 }, tag > mine.tag and 1 or 0, 0
  for _, one in ipairs(crowd.list) do
    local count = one ~= mine and one.tag <= tag and turns(one, tag, mine.joined) or 0
    if count > 0 and one.many == 1 then
      singles = singles + 1
      add(sum, one, math.min(one.jobs, count))
    elseif count > 0 then
      several = several + one.many
      add(rest, one, math.min(one.jobs, count) * one.many)
    end
  end
  if not crowd.once then return end
  local before = math.max(0, begun(crowd, mine, tag) - singles)
  if several == 0 then return add(sum, mine, before) end
  for what, counted in pairs(rest) do sum[what] = sum[what] + counted * before / several end
end

-- One of a crowd, who may not be among those that were looked at, or stand for many, with a tag that is theirs; nil when a
-- part of the line was lost.
function crowds.one(crowd, lane, server, name)
  local known = crowd.by[name]
  if known and known.many == 1 then return known end
  local at = level(lane.name, server)
  local held = held_of(at, name)
  local tag = held and tonumber(redis.call('ZSCORE', at.waits, held.member) or nil)
  if not tag then return nil end
  return weigh_up {
    tag = tag + (crowd.shifts[lane.name] or 0), joined = held.member, jobs = held.jobs, charge = held.charge,
    time = time_in(lane, held.charge, number(redis.call('HGET', at.guess, name), 0)), weight = held.weight,
  }
end
end
