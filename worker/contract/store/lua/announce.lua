-- Fresh places and ETAs for those who wait, where the news is worth an edit: place ≤ 5, halved, or 30 s old. That no
-- worker has what they need is news too. Redis does nothing else meanwhile, so it is one pass over the line with a sum
-- that grows, and a bounded number of messages; the rest comes with the next calls.
local window, every, stale = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local SEEN, TOLD = 500, 50  -- places that are looked at, messages that are told in one call

-- One at a time. The moment until which counts, not whether the key exists: a clock that is set back keeps keys for longer.
local pause = math.max(1, math.floor(every / 2))
local until_then = number(redis.call('GET', K.announcer), 0) - now
if until_then > 0 and until_then <= pause then return 0 end
redis.call('SET', K.announcer, now + pause, 'PX', pause)

local news, by_age, ages, near = {}, {}, {}, tally()
for place, id in ipairs(line_slice(1, SEEN)) do
  local job = fields(id, 'place', 'place_at', 'state', 'stalled', 'model', 'needs', 'cost')
  local stalled = slots_alive(job, window) == 0 and '1' or nil
  local shown, at = number(job.place, 1e9), number(job.place_at, 0)
  local moved = place ~= shown and (place <= 5 or place <= shown / 2) or place <= 5 and job.stalled ~= stalled
  if job.state == 'queued' and (moved or now - at >= stale) then
    local new = { id = id, place = place, eta = eta_at(job, place, near, window), stalled = stalled }
    if moved then
      table.insert(news, new)
    else
      local age = at * 1000 + place  -- one number for both is sorted several times faster than a function's order
      table.insert(ages, age)
      by_age[age] = new
    end
  end
  if place <= NEAR then count(near, job) end
end

-- Who moved goes first, from the front; of the others whoever was told longest ago, so that nobody is left out.
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
