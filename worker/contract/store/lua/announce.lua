-- Fresh places and ETAs for those who wait, where the news is worth an edit: a place that is or was ≤ 5 (two who read
-- that they are next would ask which), one that was halved, or one that was told 30 s ago. That no
-- worker has what they need is news too. Redis does nothing else meanwhile, so each call looks at the front of the line
-- and at some more, from where the last one stopped, and tells a bounded number; the rest comes with the next calls.
local window, every, stale = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local SEEN, COUNTED = 500, 1200  -- jobs that are looked at, and of all of them together servers and people counted
local TOLD = 50  -- messages that are told in one call
local FRONT = { servers = 3, people = 2, jobs = 1 }  -- of a lane, looked at in every call
local LANES = 16  -- whose fronts one call looks at; with more, each call at others: a look costs more the more there are

-- One at a time. The moment until which counts, not whether the key exists: a clock that is set back keeps keys for
-- longer.
local pause = math.max(1, math.floor(every / 2))
local until_then = number(redis.call('GET', K.announcer), 0) - now
if until_then > 0 and until_then <= pause then return 0 end
redis.call('SET', K.announcer, now + pause, 'PX', pause)

local news, by_age, ages, looked = {}, {}, {}, {}

-- One number for how long ago somebody was told, for their place and for which of all they are: it is sorted several
-- times faster than a function's order, and no two are the same. Whole below 2^53.
local LONGEST, PLACES, MANY = 2 ^ 27, 2 ^ 13, 2 ^ 12  -- of them: milliseconds (37 hours), places, who is looked at
local function age_of(at, place, which)
  local waited = math.max(0, math.min(LONGEST, math.floor(now - at)))
  return ((LONGEST - waited) * PLACES + math.min(place, PLACES - 1)) * MANY + which % MANY
end

-- Returns how much was counted for it.
local function look(id)
  if looked[id] then return 0 end
  looked[id] = true
  local ahead = ahead_of(id)
  if not ahead then return 1 end
  local job = fields(id, 'place', 'place_at', 'state', 'stalled', 'model', 'needs', 'cost', 'charge', 'request',
    'wait_start')
  local stalled, place = slots_alive(job, window) == 0 and '1' or nil, line_place(id, ahead)
  local shown, at = number(job.place, 1e9), number(job.place_at, 0)
  local moved = place ~= shown and (math.min(place, shown) <= 5 or place <= shown / 2)
    or place <= 5 and job.stalled ~= stalled
  if job.state == 'queued' and (moved or now - at >= stale) then
    local new = { id = id, place = place, eta = eta_at(job, ahead, window), stalled = stalled }
    if moved then
      table.insert(news, new)
    else
      local age = age_of(at, place, #ages)
      table.insert(ages, age)
      by_age[age] = new
    end
  end
  return ahead.counted
end

local function who_waits(at, most)
  local found = redis.call('ZRANGE', at.waits, 0, most - 1)
  for i, member in ipairs(found) do found[i] = string.sub(member, 18) end
  return found
end

local lanes = redis.call('HKEYS', K.fair .. 'lanes')
local turn = math.floor(now / pause) * LANES
for i = 1, math.min(#lanes, LANES) do
  local lane = lanes[(turn + i) % #lanes + 1]
  for _, server in ipairs(who_waits(level(lane, ''), FRONT.servers)) do
    for _, person in ipairs(who_waits(level(lane, server), FRONT.people)) do
      local key = jobs_key({ lane = lane, server = server, person = person })
      for _, id in ipairs(redis.call('ZRANGE', key, 0, FRONT.jobs - 1)) do look(id) end
    end
  end
end

local from = number(redis.call('GET', K.fair .. 'told'), 0)
local ids = redis.call('ZRANGEBYSCORE', K.fair .. 'all', '(' .. string.format('%.0f', from), '+inf', 'WITHSCORES',
  'LIMIT', 0, SEEN)
local counted, last = 0, 0
for i = 1, #ids, 2 do
  counted = counted + look(ids[i])
  last = counted < COUNTED and i < 2 * SEEN - 1 and 0 or ids[i + 1]
  if counted >= COUNTED then break end
end
redis.call('SET', K.fair .. 'told', last, 'PX', 60000)

-- Who moved goes first, from the front; of the others whoever was told longest ago, so that nobody is left out.
table.sort(news, function(one, other) return one.place < other.place end)
table.sort(ages)
for _, age in ipairs(ages) do
  if #news >= TOLD then break end
  table.insert(news, by_age[age])
end

local told = math.min(#news, TOLD)
for i = 1, told do
  local new = news[i]
  redis.call('HDEL', job_key(new.id), 'eta', 'stalled')
  redis.call('HSET', job_key(new.id), 'place', new.place, 'place_at', now)
  if new.stalled then redis.call('HSET', job_key(new.id), 'stalled', new.stalled) end
  if new.eta >= 0 then redis.call('HSET', job_key(new.id), 'eta', tostring(new.eta / 1000)) end
  mark_cosmetic(new.id, soon(new.id, every))
end
return told
