-- In which order a line is drawn if nobody asks for anything more, for ahead.lua. What came back goes before all else
-- (`returned` in pick.lua). Behind it a short line is gone through as pick.lua will; of a long one crowd.lua tells about
-- how much goes first. Short or long, it is an estimate where the workers differ in what they draw, or have loaded.
local near = {}  -- a table, for a script may have 200 local variables
do  -- likewise, what others do not call stays in here
local SHORT = 32  -- jobs; to go through more would hold Redis up
local BACK = 256  -- of those that came back (as in pick.lua)

-- This lane and those near it, by name and taken apart.
function near.lanes(lane)
  local key = 'alike\n' .. lane.name
  if not tables[key] then
    tables[key] = { lane }
    for _, name in ipairs(lanes_near(lane)) do table.insert(tables[key], lane_parts(name)) end
  end
  return tables[key]
end

-- All that came back and was charged when it was first drawn, the first first.
local function all_back()
  if tables.back then return tables.back end
  local found = {}
  for _, id in ipairs(redis.call('ZRANGE', K.fair .. 'back', 0, BACK - 1)) do
    local spot = spot_of(id)
    if spot and fields(id, 'charged').charged then table.insert(found, { id = id, spot = spot }) end
  end
  tables.back = found
  return found
end

-- Those of them that workers of this lane draw: { list, at = id → its place among them }.
function near.back(lane)
  local key = 'back\n' .. lane.name
  if tables[key] then return tables[key] end
  local found, drawn = { list = {}, at = {} }, { [lane.name] = true }
  for _, each in ipairs(all_back()) do
    local name = each.spot.lane
    if drawn[name] == nil then
      local needs = lane_parts(name).needs
      drawn[name] = needs and lane.needs and share_worker(needs, lane.needs) or false
    end
    if drawn[name] then
      table.insert(found.list, each)
      found.at[each.id] = #found.list
    end
  end
  tables[key] = found
  return found
end

-- Who waits at a level of these lanes: a list of { who, member, tag, shift, lane }.
local function heads_of(lanes, server)
  local found, furthest = {}, -math.huge
  for _, lane in ipairs(lanes) do
    local at = level(lane.name, server)
    local flat = redis.call('ZRANGE', at.waits, 0, SHORT - 1, 'WITHSCORES')
    local clock, ahead = #flat > 0 and clock_of(at) or 0, #flat > 0 and ahead_in(at) or 0
    if #flat > 0 then furthest = math.max(furthest, clock + ahead) end
    for i = 1, #flat, 2 do
      local member = flat[i]
      table.insert(found, {
        who = string.sub(member, 18), member = member, tag = tonumber(flat[i + 1]), lane = lane, clock = clock,
        ahead = ahead,
      })
    end
  end
  for _, each in ipairs(found) do each.shift = math.max(each.ahead, furthest - APART - each.clock) end
  return found
end

-- The foremost of those for whom anything is left, by what is added up as pick.lua does: equal tags stay equal.
local function first_of(heads)
  local first, least
  for _, each in ipairs(heads) do
    local key = each.left > 0 and each.tag + each.shift
    if key and (not first or key < least or key == least and each.member < first.member) then first, least = each, key end
  end
  return first
end

local function move(heads, who, by)
  for _, each in ipairs(heads) do
    if each.who == who then each.tag = each.tag + by end
  end
end

-- What a person has in line in one lane, the oldest first, without what came back.
local function jobs_of(head, server, back)
  local found = {}
  local key = jobs_key({ person = head.who, server = server, lane = head.lane.name })
  for _, id in ipairs(redis.call('ZRANGE', key, 0, SHORT - 1)) do
    local spot = not back.at[id] and spot_of(id)
    if spot then table.insert(found, { id = id, spot = spot, lane = head.lane }) end
  end
  return found
end

-- Servers, and within each its people, with what they have in line.
local function read_line(lanes, back)
  local servers, people, weights = heads_of(lanes, ''), {}, {}
  for _, head in ipairs(servers) do
    local server = head.who
    if not people[server] then
      people[server], weights[server] = heads_of(lanes, server), weight_of(server)
      for _, person in ipairs(people[server]) do
        person.jobs = jobs_of(person, server, back)
        person.left = #person.jobs
      end
    end
    head.left = 0
    for _, person in ipairs(people[server]) do
      if person.lane.name == head.lane.name then head.left = head.left + person.left end
    end
  end
  return servers, people, weights
end

-- Take the oldest job of this person out of what is left; returns it.
local function take_oldest(heads, who)
  local from, oldest
  for _, each in ipairs(heads) do
    local job = each.who == who and each.jobs[#each.jobs - each.left + 1]
    if job and (not oldest or job.spot.order < oldest.spot.order) then from, oldest = each, job end
  end
  from.left = from.left - 1
  return oldest
end

-- The order of all that waits in this lane and those near it, without what came back: { list (of { id, spot, lane }),
-- at = id → its place among them }; nil where the line is long.
function near.order(lane)
  local names = {}
  for _, each in ipairs(near.lanes(lane)) do table.insert(names, each.name) end
  table.sort(names)
  local key = 'order\n' .. table.concat(names, '\n')
  if tables[key] ~= nil then return tables[key] or nil end
  tables[key] = false
  if #names > SHORT then return nil end
  local waiting = 0
  for _, text in ipairs(redis.call('HMGET', K.fair .. 'lanes', unpack(names))) do waiting = waiting + number(text, 0) end
  if waiting > SHORT then return nil end
  local order = { list = {}, at = {} }
  local servers, people, weights = read_line(near.lanes(lane), near.back(lane))
  for _ = 1, SHORT do
    local server = first_of(servers)
    local person = server and first_of(people[server.who])
    if not person then break end
    local job = take_oldest(people[server.who], person.who)
    for _, each in ipairs(servers) do
      if each.who == server.who and each.lane.name == job.lane.name then each.left = each.left - 1 end
    end
    move(servers, server.who, job.spot.charge / weights[server.who])
    move(people[server.who], person.who, job.spot.charge)
    table.insert(order.list, job)
    order.at[job.id] = #order.list
  end
  tables[key] = order
  return order
end
end
