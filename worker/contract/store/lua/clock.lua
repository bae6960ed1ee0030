-- The two times of every script, and what they rest on. scripts.py puts `K` (the names of keys), `SHARED` (the shared
-- settings' units and bounds) and `CLOCK_SHIFT` (0, except in tests that set the clock) in front.

-- What should be a number, as one; `default` when it is not. A damaged record must not end a script halfway.
local function number(value, default)
  local n = type(value) ~= 'table' and tonumber(value or nil)
  if n and n > -2 ^ 53 and n < 2 ^ 53 then return n end
  return default
end

-- The shared setting that is in force, durations in milliseconds; nil when Redis knows none that is usable.
local function shared(name)
  local text = redis.pcall('HGET', K.settings, name)
  local plain = type(text) == 'string' and string.match(text, '^[%d.e+-]+$')  -- Lua alone reads 0x10
  local value, counted = number(plain, 0), SHARED[name]
  if value > 0 and value <= counted.most then return math.max(1, math.floor(value * counted.unit + 0.5)) end
end

-- `wall`: Redis's own clock, for moments that people are told and for expiry, which Redis counts by it.
-- `now`: what all that is due, held or waited for is counted by. It never goes back (by more than TELL_EVERY) and never
-- jumps: clocks are set while everything runs, and after a failover another machine's counts.
-- `skew`: what `now` is ahead of the wall.
local wall, now, skew, clock_told, reaped

local BACK = 2000  -- ms: a wall that is set back by less is waited for
local FORWARD = math.max(shared('lease') or 10000, 5000)  -- ms; several times the second between two calls of the reaper
local TELL_EVERY = 250  -- ms between two writes, so that not each script costs one

-- Keep the last moment. A full Redis refuses it, and must not take it for the script's first write, after which all
-- others pass; so scripts that may write in a full Redis do it once more, in free_memory_first.
local function tell_clock()
  if clock_told then return end
  local answer = redis.pcall('HSET', K.clock, 'wall', wall, 'skew', skew)
  clock_told = type(answer) ~= 'table'
  if reaped > wall then redis.pcall('HSET', K.reaper, 'at', wall) end  -- or it would look like what read_clock asks about
end

local function read_clock()
  local time = redis.call('TIME')
  wall = time[1] * 1000 + math.floor(time[2] / 1000) + CLOCK_SHIFT
  local known = redis.pcall('HMGET', K.clock, 'wall', 'skew')
  local seen, foreign = number(known[1]), false
  skew = number(known[2], 0)
  reaped = number(redis.pcall('HGET', K.reaper, 'at'), 0)
  if seen and reaped > seen + 1000 and reaped <= wall then
    -- Somebody has reaped who keeps no clock: an older Easel, which counts by the wall and has written moments by it.
    seen, skew, foreign = reaped, 0, true
  end
  local last = (seen or wall) + skew
  local ahead = wall + skew - last
  local stepped = ahead < -BACK or ahead > FORWARD
  if stepped then skew = last - wall end
  now = math.max(last, wall + skew)
  clock_told = seen and not foreign and not stepped and ahead < TELL_EVERY
end

read_clock()
tell_clock()
