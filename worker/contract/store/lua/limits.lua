-- What stands against one more request of a person in a server. Included by admit and may_ask.
local MINUTE = 60000

-- Starts are counted by a bucket for each person and each server, which holds a minute's worth: a start pours in its
-- share, and it drains in a minute. Redis keeps the moment at which it will be empty. Bots side by side pour into the
-- same ones, each by its own settings; a start takes that share of a minute that its bot allows. What is cancelled is
-- not poured back: else a person who asks and cancels in turn could go on without end.
local function empty_at(bucket)
  return math.min(math.max(now, number(redis.call('GET', bucket), 0)), now + MINUTE)
end

-- Milliseconds until one more start fits into it, with `rate` starts a minute; 0: now. A rate of 0 is no limit.
local function rate_wait(bucket, rate)
  if rate <= 0 then return 0 end
  return math.max(0, empty_at(bucket) + math.ceil(MINUTE / rate) - now - MINUTE)
end

local function rate_take(bucket, rate)
  if rate <= 0 then return end
  local till = empty_at(bucket) + math.ceil(MINUTE / rate)
  redis.call('SET', bucket, till, 'PX', till - now)
end

-- Jobs of a set by which the time of the next free place is guessed: a few tell it as well as all.
local function some_of(set) return redis.call('SRANDMEMBER', set, 32) end

-- The refusal of one who has, or whose server has, as many jobs as they may; nil when there is room. 0 is no limit.
local function over_count(why, set, most, window)
  if not most or most <= 0 then return nil end
  local taken = taken_of(set)
  if taken < most then return nil end
  doubt(set)
  return { 'refused', why, most, taken, first_done(some_of(set), window) }
end

-- What a day holds: why it is refused, the limit's name, whose account, and of what.
local DAYS = {
  { 'day_pictures', 'pictures', true, 'pictures' },
  { 'day_gpu', 'ms', true, 'ms' },
  { 'server_day_pictures', 'server_pictures', false, 'pictures' },
  { 'server_day_gpu', 'server_ms', false, 'ms' },
}

-- The refusal of a day that is used up, or nil; then also whether the job is to be drawn after everybody else's. A
-- refusal has two values more: how much was asked for, and when (seconds since the epoch) the next day begins.
local function over_day(owner, server, most, asked)
  local key, late = usage_key(server, day_of(wall)), false
  for _, day in ipairs(DAYS) do
    local why, name, own, what = unpack(day)
    local used = used_on(key, own and what .. ':' .. owner or what)
    local limit, ceiling = most.day[name], most.ceiling[name]
    local function beyond(bound) return bound and used + asked[what] > bound end
    if beyond(ceiling) or beyond(limit) and most.used_up ~= 'last' then
      local bound = beyond(limit) and most.used_up ~= 'last' and limit or ceiling
      local tomorrow = (math.floor(wall / DAY) + 1) * DAY
      return { 'refused', why, bound, used, tomorrow - wall, asked[what], tomorrow / 1000 }
    end
    late = late or beyond(limit) or false
  end
  return nil, late
end

-- When Easel is full, who holds less than a share still gets in: nobody is kept out by what others pile up. Twice the
-- total is the end for everybody, for each server that is new makes all shares smaller.
local function over_total(server, most, window)
  local taken = line_length() + redis.call('ZCARD', K.leases)
  if taken < most.total then return nil end
  local group = group_of(server)
  local servers = redis.call('SCARD', K.active) + 1 - redis.call('SISMEMBER', K.active, group)
  local held = taken_of(K.server .. group)
  if held < math.max(1, math.floor(most.total / servers)) and taken < 2 * most.total then return nil end
  return { 'refused', 'total', most.total, taken, first_done(redis.call('ZRANGE', K.leases, 0, 63), window) }
end

local function over_rate(why, bucket, rate)
  local wait = rate_wait(bucket, rate)
  if wait > 0 then return { 'refused', why, rate, rate, wait } end
end

-- The refusal, as the scripts answer it, or nil; then also whether the job is to be drawn after everybody else's.
-- `asked`: pictures, and milliseconds of the workers' time.
local function over_limits(owner, server, most, window, asked)
  local refused = over_rate('rate_person', K.rate_person .. owner, most.everywhere_per_minute)
    or over_rate('rate_member', K.rate_member .. server .. ':' .. owner, most.per_minute)
    or over_rate('rate_server', K.rate_server .. server, most.server_per_minute)
  if refused then return refused end
  local late
  refused, late = over_day(owner, server, most, asked)
  refused = refused or over_count('person', member_set(server, owner), most.at_once, window)
    or over_count('everywhere', K.person .. owner, most.everywhere, window)
    or over_count('server', K.server .. server, most.server_at_once, window)
    or over_total(server, most, window)
  return refused, late
end

local function rates_take(owner, server, most)
  rate_take(K.rate_person .. owner, most.everywhere_per_minute)
  rate_take(K.rate_member .. server .. ':' .. owner, most.per_minute)
  rate_take(K.rate_server .. server, most.server_per_minute)
end

-- The job that an event has become, or nil.
local function seen(event)
  return redis.call('GET', K.event .. event) or nil
end

-- The limits as a caller hands them over, a table from `Caps.json`: how many may wait or run (`at_once` of a person in
-- the server, `server_at_once`, `everywhere` of a person, `total`), how many start a minute, what a `day` holds and at
-- most could hold (`ceiling`), what happens when it is `used_up`, and of which `versions` the settings were.
local function limits_of(text)
  return cjson.decode(text)
end

local function version_at(key)
  return number(redis.pcall('HGET', key, 'version'), 0)
end

-- Were these limits made of settings that are no longer in force? Direct messages have no settings of their own.
local function outdated(server, most)
  local of = most.versions
  if not of then return false end
  local there = string.match(server, '^%d+$') and version_at(K.server_settings .. server) or 0
  return there ~= of.server or version_at(K.operator) ~= of.operator
end
