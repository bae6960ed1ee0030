-- What stands against one more request of a person in a server. Included by admit and may_ask.
local MINUTE = 60000
local ENDED = { posted = true, failed = true, cancelled = true }

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

-- Counts the jobs of a set that have not ended. Records can be lost (a restored backup): such ids are swept out.
local function active(set, cap)
  if redis.call('SCARD', set) >= cap then
    for _, id in ipairs(redis.call('SMEMBERS', set)) do
      local state = fields(id, 'state').state
      if not state or ENDED[state] then redis.call('SREM', set, id) end
    end
  end
  return redis.call('SCARD', set)
end

-- The refusal, as the scripts answer it, or nil. `most` has `person`, `server` and `total`, jobs that may wait or run,
-- and `rate_person` and `rate_server`, starts a minute.
local function over_limits(owner, server, most, window)
  local wait = rate_wait(K.rate_person .. owner, most.rate_person)
  if wait > 0 then return { 'refused', 'rate_person', most.rate_person, most.rate_person, wait } end
  wait = rate_wait(K.rate_server .. server, most.rate_server)
  if wait > 0 then return { 'refused', 'rate_server', most.rate_server, most.rate_server, wait } end

  local taken = active(K.person .. owner, most.person)
  if taken >= most.person then
    return { 'refused', 'person', most.person, taken, first_done(redis.call('SMEMBERS', K.person .. owner), window) }
  end
  taken = active(K.server .. server, most.server)
  if taken >= most.server then
    return { 'refused', 'server', most.server, taken, first_done(redis.call('SMEMBERS', K.server .. server), window) }
  end
  taken = line_length() + redis.call('ZCARD', K.leases)
  if taken >= most.total then
    return { 'refused', 'total', most.total, taken, first_done(redis.call('ZRANGE', K.leases, 0, 63), window) }
  end
end

local function rates_take(owner, server, most)
  rate_take(K.rate_person .. owner, most.rate_person)
  rate_take(K.rate_server .. server, most.rate_server)
end

-- The job that an event has become, or nil.
local function seen(event)
  return redis.call('GET', K.event .. event) or nil
end

-- The limits as a caller hands them over: five numbers in this order.
local function limits_of(person, server, total, rate_person, rate_server)
  return {
    person = tonumber(person), server = tonumber(server), total = tonumber(total),
    rate_person = tonumber(rate_person), rate_server = tonumber(rate_server),
  }
end
