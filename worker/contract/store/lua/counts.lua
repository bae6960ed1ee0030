-- What is counted of people and servers: their jobs that have not ended, and what they used on a day.
local DAY = 86400000
local USAGE_KEPT = 40 * DAY

local function days_in_year(year)
  return (year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0)) and 366 or 365
end

-- The day of a moment (ms since the epoch, not before it) as `YYYYMMDD`, UTC: scripts have no calendar.
local function day_of(moment)
  local days, year, month = math.floor(moment / DAY), 1970, 1
  while days >= days_in_year(year) do
    days = days - days_in_year(year)
    year = year + 1
  end
  local lengths = { 31, days_in_year(year) - 337, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }
  while days >= lengths[month] do
    days = days - lengths[month]
    month = month + 1
  end
  return string.format('%04d%02d%02d', year, month, days + 1)
end

-- What a set is shared by: a server, or `dm` for all direct messages, which together weigh as one.
local function group_of(server)
  return string.sub(server, 1, 3) == 'dm-' and 'dm' or server
end

local function member_set(server, owner) return K.member .. server .. ':' .. owner end

-- The sets in which a job counts until it ends.
local function sets_of(owner, server)
  local sets, group = { K.person .. owner, K.server .. server, member_set(server, owner) }, group_of(server)
  if group ~= server then table.insert(sets, K.server .. group) end
  return sets
end

local function take_places(id, owner, server)
  for _, set in ipairs(sets_of(owner, server)) do
    local kind = redis.call('TYPE', set).ok
    if kind ~= 'set' and kind ~= 'none' then redis.call('DEL', set) end
    redis.call('SADD', set, id)
    redis.call('ZADD', K.counted, 'NX', now, set)
  end
  redis.call('SADD', K.active, group_of(server))
end

local function give_places_back(id, owner, server)
  for _, set in ipairs(sets_of(owner, server)) do redis.pcall('SREM', set, id) end
  local group = group_of(server)
  if redis.pcall('SCARD', K.server .. group) == 0 then redis.call('SREM', K.active, group) end
end

-- How many jobs of a set have not ended. Records can be lost (a restored backup, a process of an older Easel): the
-- reaper looks for such, and sooner where someone was refused for them.
local function taken_of(set)
  return number(redis.pcall('SCARD', set), 0)
end

local function doubt(set) redis.pcall('ZADD', K.counted, 0, set) end

local ENDED = { posted = true, failed = true, cancelled = true }
local SWEEP_EVERY, SWEEP_SETS, SWEEP_JOBS, SWEEP_GROUPS = 10000, 20, 200, 5  -- ms, and how many in one call

local function sweep_set(set, most)
  if redis.call('TYPE', set).ok ~= 'set' then
    redis.call('DEL', set)
    redis.call('ZREM', K.counted, set)
    return 0
  end
  local ids = redis.call('SRANDMEMBER', set, most)
  for _, id in ipairs(ids) do
    local state = fields(id, 'state').state
    if not state or ENDED[state] then redis.call('SREM', set, id) end
  end
  redis.call('ZADD', K.counted, now, set)
  return #ids
end

-- Take out what counts and has ended, or is no more: a part of it in each call.
local function sweep_counts()
  local left = SWEEP_JOBS
  local due = redis.call('ZRANGEBYSCORE', K.counted, '-inf', now - SWEEP_EVERY, 'LIMIT', 0, SWEEP_SETS)
  for _, set in ipairs(due) do
    if left <= 0 then break end
    left = left - sweep_set(set, left)
  end
  for _, group in ipairs(redis.call('SRANDMEMBER', K.active, SWEEP_GROUPS)) do
    if redis.pcall('SCARD', K.server .. group) == 0 then redis.call('SREM', K.active, group) end
  end
end

local function usage_key(server, day) return K.usage .. server .. ':' .. day end

local function used_on(key, field)
  return math.max(0, number(redis.pcall('HGET', key, field), 0))
end

-- Write on the account of today what a job uses, and in its record which day that is.
local function usage_take(id, owner, server, pictures, charge)
  local day = day_of(wall)
  local key = usage_key(server, day)
  if redis.call('TYPE', key).ok ~= 'hash' then redis.call('DEL', key) end
  for _, whose in ipairs({ '', ':' .. owner }) do
    redis.call('HSET', key, 'pictures' .. whose, used_on(key, 'pictures' .. whose) + pictures)
    redis.call('HSET', key, 'ms' .. whose, used_on(key, 'ms' .. whose) + charge)
  end
  redis.call('PEXPIRE', key, USAGE_KEPT)
  redis.call('HSET', job_key(id), 'day', day, 'pictures', pictures)
end

-- Count on that account one more job whose turn has come, by how long (ms) it waited: those of 2^(n/WAIT_PARTS) - 1 seconds,
-- up to the next, in `wait:<n>`. An account that is gone is not opened anew.
local WAIT_PARTS = 4
local function usage_waited(job, waited)
  local key = usage_key(job.server or '', job.day or '')
  if redis.call('TYPE', key).ok ~= 'hash' then return end
  local size = math.floor(WAIT_PARTS * math.log(waited / 1000 + 1) / math.log(2))
  redis.pcall('HINCRBY', key, 'wait:' .. string.format('%d', size), 1)
end

-- Give back, on the account of the day of its admission, the share (0 to 1) of a job's work that was not done. Once.
local function usage_refund(id, share)
  local job = fields(id, 'owner', 'server', 'day', 'pictures', 'charge')
  if not job.day then return end
  redis.call('HDEL', job_key(id), 'day')
  local key = usage_key(job.server or '', job.day)
  for what, used in pairs({ pictures = number(job.pictures, 0), ms = number(job.charge, 0) }) do
    local back = math.floor(math.max(0, used) * share + 0.5)
    for _, whose in ipairs({ '', ':' .. (job.owner or '') }) do
      local before = used_on(key, what .. whose)
      if back > 0 and before > 0 then redis.call('HSET', key, what .. whose, math.max(0, before - back)) end
    end
  end
end
