-- What waits, in line: a job comes in, leaves, is shown elsewhere, gets back what it was charged; and the sweep that mends
-- what Redis has lost. levels.lua has the line's rules and keys.
local SWEPT = 50  -- jobs that one call of the reaper looks at

-- Where a waiting job stands: order, charge and whether that is a guess (then it is written with a 0 in front, which all
-- others read as well), server, person, channel, lane; nil when it does not wait.
local function spot_of(id)
  local text = redis.call('HGET', K.fair .. 'where', id) or ''
  local order, charge, server, person, channel, lane =
    string.match(text, '^(%d+)\n(%d+)\n([^\n]+)\n([^\n]+)\n([^\n]*)\n(.*)$')
  if not order then return nil end
  return {
    order = tonumber(order), charge = tonumber(charge), guess = string.sub(charge, 1, 1) == '0', server = server,
    person = person, channel = channel, lane = lane,
  }
end

local function named(text)
  return text and text ~= '' and string.gsub(text, '\n', ' ') or NOBODY
end

-- What a record says of its job's spot. Ids of channels are too long for Lua's numbers, so no destination is decoded.
local function spot_in(job, order)
  local server = named(group_of(job.server or ''))
  local channel = job.channel or string.match(job.destination or '', '"channel": ?(%d+)') or ''
  local charge = charge_in(job)
  return {
    order = order, charge = charge, guess = is_guess({ charge = charge, cost = job.cost }), server = server,
    person = named(job.owner), lane = lane_of(job), channel = string.gsub(channel, '\n', ' '),
  }
end

local function line_remove(id)
  local spot = spot_of(id)
  redis.call('HDEL', K.fair .. 'where', id)  -- a removal first (see free_memory_first)
  redis.call('ZREM', K.fair .. 'all', id)
  redis.call('ZREM', K.fair .. 'back', id)
  redis.call('ZREM', K.line, id)
  if not spot then return end
  tables = {}
  redis.call('ZREM', jobs_key(spot), id)
  leave(level(spot.lane, spot.server), spot.person, spot.charge, spot.guess)
  leave(level(spot.lane, ''), spot.server, spot.charge, spot.guess)
  if spot.channel ~= '' then redis.call('SREM', K.fair .. 'channel:' .. spot.channel, id) end
  if redis.call('EXISTS', level(spot.lane, '').waits) == 0 then
    redis.call('HDEL', K.fair .. 'lanes', spot.lane)
  else
    redis.call('HINCRBY', K.fair .. 'lanes', spot.lane, -1)
  end
end

local function note_spot(id, spot)
  redis.call('HSET', K.fair .. 'where', id, string.format('%.0f\n%s%.0f\n%s\n%s\n%s\n%s', spot.order,
    spot.guess and '0' or '', spot.charge, spot.server, spot.person, spot.channel, spot.lane))
  if spot.channel ~= '' then redis.call('SADD', K.fair .. 'channel:' .. spot.channel, id) end
end

local function line_push(id, order)
  line_remove(id)
  tables = {}
  order = math.max(0, math.floor(order))
  local job = fields(id, 'version', 'late', 'needs', 'model', 'server', 'owner', 'charge', 'cost', 'request', 'channel',
    'destination')
  local spot = spot_in(job, order)
  local lane = lane_parts(spot.lane)
  local servers, people = level(spot.lane, ''), level(spot.lane, spot.server)
  if redis.call('EXISTS', servers.waits) == 0 then align(lane, '') end
  if redis.call('EXISTS', people.waits) == 0 then align(lane, spot.server) end
  redis.pcall('HSET', job_key(id), 'charge', spot.charge)
  note_spot(id, spot)
  redis.call('ZADD', K.fair .. 'all', order, id)
  if redis.call('ZADD', jobs_key(spot), order, id) == 1 then  -- else its spot was lost, and nothing more
    enter(servers, spot.server, weight_of(spot.server), order, spot.charge, spot.guess)
    enter(people, spot.person, 1, order, spot.charge, spot.guess)
    redis.call('HINCRBY', K.fair .. 'lanes', spot.lane, 1)
  end
  redis.call('LPUSH', K.bell, '1')
  redis.call('LTRIM', K.bell, 0, 63)
end

-- It was drawn, and comes back undone: it goes first (see `returned` in pick.lua).
local function line_return(id, order)
  line_push(id, order)
  redis.call('ZADD', K.fair .. 'back', order, id)
end

local function line_order()
  return redis.call('INCR', K.sequence)
end

-- Its message is shown in another channel from now on.
local function line_follow(id, channel)
  local spot = spot_of(id)
  if not spot or spot.channel == channel then return end
  redis.call('SREM', K.fair .. 'channel:' .. spot.channel, id)
  spot.channel = channel
  note_spot(id, spot)
end

-- Jobs that wait, those in the line of older releases among them.
local function line_length()
  return redis.call('ZCARD', K.fair .. 'all') + redis.call('ZCARD', K.line)
end

-- Those that wait by when they were admitted, from the `first` oldest to the `last`.
local function line_oldest(first, last)
  return redis.call('ZRANGE', K.fair .. 'all', first - 1, last - 1)
end

-- Since which order somebody waits at a level, 0 if they do not.
local function joined(at, who)
  local held = held_of(at, who)
  return held and tonumber(string.sub(held.member, 1, 16)) or 0
end

-- Lower by so much the tag of whoever it is. Who has waited without a break since it was given (`since`) gets all of it
-- back. Others are not put before the one that was taken last, nor who rests before the clock: what they were given may
-- be forgotten by now.
local function lower(at, who, by, since)
  local held = held_of(at, who)
  local key, member = held and at.waits or at.rests, held and held.member or who
  local tag = tonumber(redis.call('ZSCORE', key, member) or nil)
  if not tag then return end
  local least = held and tonumber(redis.call('ZSCORE', at.rests, '-') or 0) or clock_of(at)
  if not held or joined(at, who) ~= since then by = math.min(by, math.max(0, tag - least)) end
  redis.call('ZADD', key, tag - by, member)
  tables = {}
end

-- Give back this share of what a job was charged, in the lanes in which it was. Not called twice for one.
local function line_refund(id, share)
  local job = fields(id, 'charged', 'charge', 'server', 'owner')
  local whole, told = pcall(cjson.decode, job.charged or '')
  if share <= 0 or not whole or type(told) ~= 'table' or type(told.lanes) ~= 'table' then return end
  local spot = spot_in(job, 0)
  local by, weight = share * spot.charge, math.max(0.001, number(told.weight, 1))
  for lane, since in pairs(told.lanes) do
    if type(lane) == 'string' and type(since) == 'table' then
      lower(level(lane, ''), spot.server, by / weight, since[1])
      lower(level(lane, spot.server), spot.person, by, since[2])
    end
  end
end

-- Is all there that lets this job be drawn?
local function whole(id, spot)
  local person = spot and held_of(level(spot.lane, spot.server), spot.person)
  local server = person and held_of(level(spot.lane, ''), spot.server)
  return server and redis.call('ZSCORE', jobs_key(spot), id) and redis.call('HEXISTS', K.fair .. 'lanes', spot.lane) == 1
    and redis.call('ZSCORE', level(spot.lane, spot.server).waits, person.member)
    and redis.call('ZSCORE', level(spot.lane, '').waits, server.member)
end

-- Look at some of those who wait, others at each call: an older process may have ended a job that is still in line, and
-- Redis may have lost a part of the line, or got an older one back.
local function line_sweep()
  local from = number(redis.call('HGET', K.reaper, 'swept'), 0)
  local ids = redis.call('ZRANGEBYSCORE', K.fair .. 'all', '(' .. string.format('%.0f', from), '+inf', 'LIMIT', 0, SWEPT)
  local last = #ids > 0 and redis.call('ZSCORE', K.fair .. 'all', ids[#ids])
  redis.call('HSET', K.reaper, 'swept', #ids == SWEPT and last or -1)
  for _, id in ipairs(ids) do
    local state, spot = fields(id, 'state').state, spot_of(id)
    if STATES[state or ''] and state ~= 'queued' or redis.call('EXISTS', job_key(id)) == 0 then
      line_remove(id)
    elseif not whole(id, spot) then
      line_push(id, spot and spot.order or number(fields(id, 'order').order, 0))
    end
  end
  if #ids == SWEPT or redis.call('HLEN', K.fair .. 'where') <= redis.call('ZCARD', K.fair .. 'all') then return end
  local lost = redis.call('HSCAN', K.fair .. 'where', 0, 'COUNT', SWEPT)[2]
  for i = 1, #lost, 2 do redis.call('ZADD', K.fair .. 'all', 'NX', (spot_of(lost[i]) or { order = 0 }).order, lost[i]) end
end
