-- The line: who is next. Plain arrival order; nothing outside this file knows that.
-- A job keeps the place number it got at admission, so one that comes back stands where it stood.

local function line_push(id, order)
  redis.call('ZADD', K.line, order, id)
  redis.call('LPUSH', K.bell, '1')
  redis.call('LTRIM', K.bell, 0, 63)
end

local function line_order()
  return redis.call('INCR', K.sequence)
end

local function line_remove(id)
  redis.call('ZREM', K.line, id)
end

local function line_length()
  return redis.call('ZCARD', K.line)
end

-- 1 for the next job; nil when it does not wait.
local function line_place(id)
  local rank = redis.call('ZRANK', K.line, id)
  return rank and rank + 1
end

-- The jobs in order, from place `first` to `last`.
local function line_slice(first, last)
  return redis.call('ZRANGE', K.line, first - 1, last - 1)
end

-- The first job for which `fits(id)` is true, looking at the first thousand.
local function line_pick(fits)
  for first = 1, 901, 100 do
    local ids = line_slice(first, first + 99)
    for _, id in ipairs(ids) do
      if fits(id) then return id end
    end
    if #ids < 100 then return nil end
  end
end
