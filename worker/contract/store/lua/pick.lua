-- Who is next. Of all lanes that a worker can draw from, the smallest tag names the server; of that server's people in
-- all those lanes the smallest names the person; of that person's jobs there the oldest is drawn. To take the lane along
-- with the server starved people: of two lanes with equal tags the first always won.
local line_pick, line_take
do  -- a script may have 200 local variables, so what others do not call stays in here
local LOOKS = 16  -- damaged or gone jobs that one call sets aside
local BACK = 256  -- of those that came back, looked at in one call: a host that is lost leaves as many as it drew
local PASSED = 4  -- by so many orders a job may be passed by one whose model is loaded

-- The lanes that can be drawn from by who has these capabilities and reads records up to this version; late ones only
-- where there are no others. A lane whose needs cannot be read is everybody's: its jobs are set aside.
local function lanes_for(had, version)
  local lanes, late = {}, {}
  for _, name in ipairs(redis.call('HKEYS', K.fair .. 'lanes')) do
    local lane = lane_parts(name)
    if lane.version <= version and (not lane.needs or has_all(had, lane.needs)) then
      table.insert(lane.late and late or lanes, lane)
    end
  end
  return #lanes > 0 and lanes or late
end

-- The foremost of one level (`server`: '' for servers) over these lanes, and the heads of all lanes where anybody waits.
-- Lanes whose workers differ have clocks that move apart. A lane that is behind by more than APART is moved up to that,
-- once and for all: else nobody would be drawn for but those who waited where nobody drew, until they have caught up.
local function foremost(lanes, server)
  local heads, furthest, first = {}, -math.huge, nil
  for _, lane in ipairs(lanes) do
    local at = level(lane.name, server)
    local member, tag = head_of(at)
    if member then
      local clock, ahead = clock_of(at), ahead_in(at)
      furthest = math.max(furthest, clock + ahead)
      table.insert(heads, { lane = lane, at = at, member = member, tag = tag, clock = clock, ahead = ahead })
    end
  end
  for _, head in ipairs(heads) do
    head.ahead = head.ahead + math.max(0, furthest - APART - (head.clock + head.ahead))
    head.key = head.tag + head.ahead
    if not first or head.key < first.key or head.key == first.key and head.member < first.member then first = head end
  end
  return first, heads
end

local function who(head)
  return string.sub(head.member, 18)  -- behind the 16 digits of when it joined
end

-- Is that how this one waits? Else Redis lost a part of the line, and the reaper's sweep puts in anew what is there.
local function stands(head)
  local held = held_of(head.at, who(head))
  return held and held.member == head.member
end

local function drop_head(head)
  if stands(head) then
    redis.call('HDEL', head.at.crowd, who(head))
    forget(head.at, who(head), head.member)
  end
  redis.call('ZREM', head.at.waits, head.member)
  if redis.call('EXISTS', level(head.lane.name, '').waits) == 0 then
    redis.call('HDEL', K.fair .. 'lanes', head.lane.name)
  end
end

-- The oldest job of a person in these lanes, and the key in which it stands; with `warm` (resources, by name) one soon
-- after it that needs no loading.
local function job_of_person(heads, server, person, warm)
  local first, loaded = { order = math.huge }, { order = math.huge }
  for _, head in ipairs(heads) do
    local key = jobs_key({ person = person, server = server, lane = head.lane.name })
    local found = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
    if found[1] then
      local job = { id = found[1], key = key, order = tonumber(found[2]) }
      if job.order < first.order then first = job end
      local needs = head.lane.needs or { '' }
      if warm[string.match(needs[1], '[^:]*$')] and job.order < loaded.order then loaded = job end
    end
  end
  if loaded.order <= first.order + PASSED and first.id and not fields(first.id, 'charged').charged then first = loaded end
  return first.id, first.key
end

local function set_aside(id, verdict, keep)
  if verdict == 'gone' or redis.call('EXISTS', job_key(id)) == 0 then return line_remove(id) end
  if verdict == 'damaged' then return quarantine(id, keep) end
  line_push(id, (spot_of(id) or { order = number(fields(id, 'order').order, 0) }).order)
end

-- The oldest of those that came back and that can be drawn here. They were charged when they were first drawn, and the
-- line has gone on since: by their tags they would wait for a whole turn more.
local function returned(had, version, judge)
  local ours = {}
  local function is_ours(name)
    if ours[name] == nil then
      local lane = lane_parts(name)
      ours[name] = lane.version <= version and (not lane.needs or has_all(had, lane.needs))
    end
    return ours[name]
  end
  for _, id in ipairs(redis.call('ZRANGE', K.fair .. 'back', 0, BACK - 1)) do
    local spot = spot_of(id)
    if spot and is_ours(spot.lane) and judge(id) == 'fits' and fields(id, 'charged').charged then return { id = id } end
  end
end

-- The next job: { id, server, person, servers, people }, the last two with the heads of its level; nil when there is
-- nothing; { id } alone of one that came back. `judge(id)`: 'fits', 'gone', 'damaged', or 'elsewhere' where its record is not what its lane says.
function line_pick(had, version, warm, judge, keep)
  local again = returned(had, version, judge)
  if again then return again end
  for _ = 1, LOOKS do
    local lanes = lanes_for(had, version)
    local server, servers = foremost(lanes, '')
    if not server then return nil end
    local person, people = foremost(lanes, who(server))
    local id, key
    if person and stands(server) and stands(person) then
      id, key = job_of_person(people, who(server), who(person), warm)
    end
    local verdict = id and (spot_of(id) and judge(id) or 'elsewhere')
    if not id then
      drop_head(person and stands(server) and person or server)
    elseif verdict == 'fits' then
      return { id = id, server = server, person = person, servers = servers, people = people }
    else
      set_aside(id, verdict, keep)
      if not spot_of(id) then redis.call('ZREM', key, id) end
    end
  end
end

-- Whoever waits or rests at this level was given so much.
local function raise(at, name, by)
  local held = held_of(at, name)
  if held then return redis.call('ZINCRBY', at.waits, by, held.member) end
  local clock = clock_of(at)
  local tag = math.max(clock, tonumber(redis.call('ZSCORE', at.rests, name) or nil) or 0)
  redis.call('ZADD', at.rests, clock, '', tag + by, name)
end

-- The weights of all who wait at this level in any of these lanes. Who waits in several is counted once as far as the
-- crowd over all lanes tells.
local function weights_at(heads)
  local sum = 0
  for _, head in ipairs(heads) do sum = sum + (tonumber(redis.call('HGET', head.at.held, '') or nil) or 0) end
  return math.min(sum, tonumber(redis.call('HGET', heads[1].at.crowd, '') or nil) or sum)
end

-- The clocks move on by what was given, shared by all who wait and one who is to come: else new ones, who start at the
-- clock, would go before the old for ever. Never by more than that beyond the foremost: it has not been given that yet.
local function advance(heads, taken, step, weights)
  for _, head in ipairs(heads) do
    local clock, _, tag = clock_of(head.at), head_of(head.at)
    if head == taken then clock = math.max(clock, head.tag) end
    if tag and step > 0 then clock = math.max(clock, math.min(clock + step / (weights + 1), tag + step)) end
    set_clock(head.at, clock, head == taken and head.tag or nil, head.ahead)
  end
end

-- A picked job is drawn from now on: it leaves the line, and is charged unless it was before (it came back).
function line_take(picked)
  if not picked.server then return line_remove(picked.id) end
  local server, person = who(picked.server), who(picked.person)
  local charge, step, weight = 0, 0, weight_of(server)
  if not fields(picked.id, 'charged').charged then
    charge = spot_of(picked.id).charge
    step = charge / weight
    local lanes = {}
    for _, head in ipairs(picked.servers) do
      raise(head.at, server, step)
      lanes[head.lane.name] = { joined(head.at, server), joined(level(head.lane.name, server), person) }
    end
    for _, head in ipairs(picked.people) do raise(head.at, person, charge) end
    redis.call('HSET', job_key(picked.id), 'charged', cjson.encode({ weight = weight, lanes = lanes }))
  end
  local servers, people = math.max(0.001, weights_at(picked.servers)), math.max(1, weights_at(picked.people))
  line_remove(picked.id)
  advance(picked.servers, picked.server, step, servers)
  advance(picked.people, picked.person, charge, people)
end
end
