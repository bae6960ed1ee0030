-- The line: who is next. Plain arrival order; nothing outside this file knows that.
-- A job keeps the place number it got at admission, so one that comes back stands where it stood.
--
-- It is one line for all, whatever a job needs: each claim walks past what its worker cannot draw, and what stands
-- behind a thousand jobs of a model that nobody has is never looked at. A line for each set of needs will end that, and
-- belongs into this file alone: `line_push`, `line_remove` and `line_place` find a job's line by its record (its
-- `needs`, of an older bot its `model`), `line_length` adds up, `line_slice` merges, and `line_pick` looks only into the
-- lines whose needs are among the worker's capabilities, which claim.lua then hands it. Workers of an older release
-- claim from `K.line` alone: it stays the line of those needs that they know until the release after.

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

-- The first job for which `fits(id)` is true, looking at the first thousand (see above).
local function line_pick(fits)
  for first = 1, 901, 100 do
    local ids = line_slice(first, first + 99)
    for _, id in ipairs(ids) do
      if fits(id) then return id end
    end
    if #ids < 100 then return nil end
  end
end
