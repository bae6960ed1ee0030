-- Fresh places and ETAs for those who wait, where the news is worth an edit: place ≤ 5, halved, or 30 s old. That no
-- worker has what they need is news too.
local window, every, stale = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
if not redis.call('SET', K.announcer, '1', 'NX', 'PX', math.max(1, math.floor(every / 2))) then return 0 end
local told = 0
for place, id in ipairs(line_slice(1, 500)) do
  local job = fields(id, 'place', 'place_at', 'state', 'stalled', 'model', 'needs')
  local stalled = slots_alive(job, window) == 0 and '1' or nil
  local shown, at = number(job.place, 1e9), number(job.place_at, 0)
  local moved = place ~= shown and (place <= 5 or place <= shown / 2) or place <= 5 and job.stalled ~= stalled
  if job.state == 'queued' and (moved or now - at >= stale) then
    local eta = standing(id, window)[2]
    redis.call('HDEL', job_key(id), 'eta', 'stalled')
    if stalled then redis.call('HSET', job_key(id), 'stalled', stalled) end
    redis.call('HSET', job_key(id), 'place', place, 'place_at', now)
    if eta >= 0 then redis.call('HSET', job_key(id), 'eta', tostring(eta / 1000)) end
    mark_cosmetic(id, soon(id, every))
    told = told + 1
  end
end
return told
