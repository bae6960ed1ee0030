-- The line: who waits, and how far each is. line.lua has what waits, pick.lua says who is next.
-- Start-time fair queueing (Goyal, Vin and Cheng 1996) over lanes, in two levels: servers by their weights, and within
-- one its people, by what their jobs are charged.
--
-- A *lane* holds what one kind of worker can draw and read: `<version>|<late>|<needs>`. Workers look only into theirs,
-- so nobody is held up by what nobody can draw. A late one ('1') is looked into where no other has anything.
-- Each lane is a *level* of servers, and each of its servers a level of people:
--     waits   zset  `<when it joined>:<who>` → tag; the smallest is next, of equals who joined first
--     rests   zset  who → tag, of those who do not wait and were given more than the others; and of the level
--                   '' → its clock, '-' → the tag that was taken last, '+' → what is added to all this where it is
--                   compared with other lanes
--     held    hash  who → jobs, charges, weight and member of `waits`; '' → the weights of all who wait
--     most    zset  who → charges ÷ weight: who has the most in line, for estimates (crowd.lua); may be missing
--     guess   hash  who → which part of `held`'s charges is a guess, for estimates alone; may be missing
--     jobs    zset  of one person in one lane: job → order
-- Beside them, over all lanes: `all` (job → order), `back` (likewise, of those that came back), `where` (job → its spot), `lanes` (lane → jobs), `crowd` of each
-- level (who → jobs and weight, to count nobody twice), `channel` (jobs by the channel in which they are shown).
--
-- A tag says how much somebody was given, ÷ weight. Who comes starts at the lane's clock, so nobody is paid for having
-- been away, and keeps a tag beyond it, so nobody is rid of a debt by leaving for a moment.
-- Simpler than what was simulated first, with the same properties (tests/worker/contract/store/test_fair*.py):
--   - The first tag is also at most one own charge behind the foremost: then two who wait differ by one largest job of
--     their own whatever others are charged, without a clock that has to be exact.
--   - A lane that was empty takes over the clock of lanes that the same workers draw, its debts with it; an empty one
--     needs no upkeep then, and a clock that has lasted an hour without use may go.
local RESTS = 3600000  -- ms for which debts and the clock of an empty level are kept
local APART = 60000  -- by so much a lane's clock may be behind those of others that the same worker draws from
local PLAIN = { [''] = true, ['-'] = true, ['+'] = true }  -- members of `rests` that are nobody
local NOBODY = '?'  -- a server or a person that a record does not name

local tables = {}  -- what is estimated of the line (order.lua, crowd.lua), until that changes

local function level(lane, server)
  local tail = server .. ':' .. lane
  return {
    waits = K.fair .. 'waits:' .. tail, rests = K.fair .. 'rests:' .. tail, held = K.fair .. 'held:' .. tail,
    most = K.fair .. 'most:' .. tail, guess = K.fair .. 'guess:' .. tail, crowd = K.fair .. 'crowd:' .. server,
  }
end

local function jobs_key(spot)
  return K.fair .. 'jobs:' .. spot.person .. ':' .. spot.server .. ':' .. spot.lane
end

local function lane_of(job)
  local needs = needs_of(job)
  if needs then
    table.sort(needs)
    needs = cjson.encode(needs)
  else
    needs = string.sub(job.needs or '', 1, 200)
  end
  return string.format('%.0f|%s|%s', number(job.version, 0), job.late == '1' and '1' or '0', needs)
end

-- A lane's name, taken apart; `needs` nil where they cannot be read.
local function lane_parts(name)
  local version, late, needs = string.match(name, '^(-?%d+)|([01])|(.*)$')
  needs = needs_of({ needs = needs or '' })
  return { name = name, version = tonumber(version) or math.huge, late = late == '1', needs = needs }
end

local function weight_of(server)
  local weight = number(redis.call('HGET', K.weights, server), 1)
  return weight >= 0.001 and weight <= 1000 and weight or 1
end

-- The foremost of a level: its member and its tag.
local function head_of(at)
  local head = redis.call('ZRANGE', at.waits, 0, 0, 'WITHSCORES')
  return head[1], tonumber(head[2])
end

local function clock_of(at)
  local clock = redis.call('ZSCORE', at.rests, '')
  if clock then return tonumber(clock) end
  local _, tag = head_of(at)
  return tag or 0
end

-- How much is added to a level's tags where they are compared with those of other lanes.
local function ahead_in(at)
  return tonumber(redis.call('ZSCORE', at.rests, '+') or nil) or 0
end

-- `taken`, `ahead`: the values of '-' and '+', if they are to change.
local function set_clock(at, clock, taken, ahead)
  taken, ahead = taken or redis.call('ZSCORE', at.rests, '-'), ahead or redis.call('ZSCORE', at.rests, '+')
  redis.call('ZADD', at.rests, clock, '')
  redis.call('ZREMRANGEBYSCORE', at.rests, '-inf', '(' .. string.format('%.17g', clock))
  if taken then redis.call('ZADD', at.rests, taken, '-') end
  if ahead then redis.call('ZADD', at.rests, ahead, '+') end
  redis.call('PEXPIRE', at.rests, RESTS)
end

local function held_of(at, who)
  local jobs, charge, weight, member = string.match(redis.call('HGET', at.held, who) or '', '^(%d+) (%d+) (%S+) (.+)$')
  if not jobs then return nil end
  return { jobs = tonumber(jobs), charge = tonumber(charge), weight = tonumber(weight), member = member }
end

local function hold(at, who, held)
  local text = string.format('%.0f %.0f %.17g %s', held.jobs, held.charge, held.weight, held.member)
  redis.call('HSET', at.held, who, text)
  redis.call('ZADD', at.most, held.charge / held.weight, who)
  redis.call('PEXPIRE', at.most, RESTS)  -- a process that knows nothing of it leaves people behind
end

-- Count one more (or less) of a hash who → jobs, whose '' is the sum of all weights.
local function crowd_count(key, who, weight, more)
  local jobs, known = string.match(redis.call('HGET', key, who) or '', '^(%d+) (%S+)$')
  jobs, known = (tonumber(jobs) or 0), tonumber(known) or weight
  if jobs == 0 and more > 0 then redis.call('HINCRBYFLOAT', key, '', known) end
  if jobs + more > 0 then
    redis.call('HSET', key, who, string.format('%.0f %.17g', jobs + more, known))
  elseif redis.call('HDEL', key, who) == 1 then
    if redis.call('HLEN', key) <= 1 then redis.call('DEL', key) else redis.call('HINCRBYFLOAT', key, '', -known) end
  end
end

-- Count so much more (or less) of what somebody's charges are a guess.
local function guess_count(at, who, charge)
  if redis.call('HINCRBY', at.guess, who, charge) <= 0 then redis.call('HDEL', at.guess, who) end
  redis.call('PEXPIRE', at.guess, RESTS)  -- likewise
end

-- `guess`: nobody knew what such a job takes when it was charged.
local function enter(at, who, weight, order, charge, guess)
  crowd_count(at.crowd, who, weight, 1)
  local held = held_of(at, who)
  if not held or not redis.call('ZSCORE', at.waits, held.member) then
    if not held then redis.call('HINCRBYFLOAT', at.held, '', weight) end
    held = held or { jobs = 0, charge = 0, weight = weight, member = string.format('%016.0f:%s', order, who) }
    local clock, _, head = clock_of(at), head_of(at)
    local tag = math.max(tonumber(redis.call('ZSCORE', at.rests, who) or 0),
      head and math.min(clock, head + charge / weight) or clock)
    redis.call('ZADD', at.rests, 'NX', clock, '')
    redis.call('PEXPIRE', at.rests, RESTS)
    redis.call('ZADD', at.waits, tag, held.member)
    redis.call('ZREM', at.rests, who)
  end
  held.jobs, held.charge = held.jobs + 1, held.charge + charge
  hold(at, who, held)
  if guess then guess_count(at, who, charge) end
end

-- They wait at this level no more, whatever is kept of it.
local function forget(at, who, member)
  redis.call('ZREM', at.waits, member)
  redis.call('ZREM', at.most, who)
  redis.call('HDEL', at.guess, who)
  local held = held_of(at, who)
  if redis.call('HDEL', at.held, who) == 0 then return end
  if redis.call('HLEN', at.held) <= 1 then
    redis.call('DEL', at.held)
  else
    redis.call('HINCRBYFLOAT', at.held, '', -(held and held.weight or 1))
  end
end

local function leave(at, who, charge, guess)
  crowd_count(at.crowd, who, 1, -1)
  if guess then guess_count(at, who, -charge) end
  local held = held_of(at, who)
  if not held then return end
  held.jobs, held.charge = held.jobs - 1, math.max(0, held.charge - charge)
  if held.jobs > 0 then return hold(at, who, held) end
  local clock, tag = clock_of(at), tonumber(redis.call('ZSCORE', at.waits, held.member) or 0)
  forget(at, who, held.member)
  if tag > clock then
    redis.call('ZADD', at.rests, clock, '', tag, who)
    redis.call('PEXPIRE', at.rests, RESTS)
  end
end

-- The names of lanes in which something waits that some worker can draw as well as this lane, itself left out.
local function lanes_near(lane)
  local near = {}
  for _, name in ipairs(redis.call('HKEYS', K.fair .. 'lanes')) do
    local other = name ~= lane.name and lane_parts(name)
    if other and other.late == lane.late and other.needs and lane.needs and share_worker(other.needs, lane.needs) then
      table.insert(near, name)
    end
  end
  return near
end

-- Nobody waits at this level: its clock becomes that of the lanes near it, the one that is furthest behind, and debts
-- stay what they are.
local function align(lane, server)
  local at, low = level(lane.name, server), math.huge
  for _, name in ipairs(lanes_near(lane)) do
    local other = level(name, server)
    if redis.call('EXISTS', other.waits) == 1 then low = math.min(low, clock_of(other) + ahead_in(other)) end
  end
  local own = clock_of(at)
  if low == math.huge or low == own + ahead_in(at) then return end
  local debts = redis.call('ZREVRANGE', at.rests, 0, 199, 'WITHSCORES')
  redis.call('DEL', at.rests)
  for i = 1, #debts, 2 do
    if not PLAIN[debts[i]] then redis.call('ZADD', at.rests, tonumber(debts[i + 1]) - own + low, debts[i]) end
  end
  set_clock(at, low, low, 0)
end
