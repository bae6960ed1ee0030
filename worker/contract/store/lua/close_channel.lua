-- Nothing can be posted in a channel any more: what waits for it in line is cancelled undrawn. `also` may run already, when
-- nobody has seen anything of it yet. Of each person's jobs the first gathers them all: its poster tells that person.
-- Returns the ids.
local channel, reason, cause, keep, also = unpack(ARGV, 1, 5)

-- Ids of channels are too long for Lua's numbers, so the destination is not decoded.
local function leads_there(job)
  local found = job.channel or string.match(job.destination or '', '"channel": ?(%d+)')
  return found == channel
end

local found = {}
for first = 1, line_length(), 200 do
  for _, id in ipairs(line_slice(first, first + 199)) do
    local job = fields(id, 'state', 'channel', 'destination')
    if job.state == 'queued' and leads_there(job) then table.insert(found, id) end
  end
end
if fields(also, 'state').state == 'claimed' then
  table.insert(found, also)
  redis.call('PUBLISH', K.cancel_channel, also)
end

local gatherers = {}
for _, id in ipairs(found) do
  local owner = fields(id, 'owner').owner or ''
  finish(id, 'cancelled', reason, cause, keep)
  local gatherer = gatherers[owner]
  if gatherer then
    table.insert(gatherer.ids, id)
    redis.call('HSET', job_key(id), 'gathered', gatherer.ids[1])
  else
    gatherers[owner] = { ids = { id } }
  end
end
for _, gatherer in pairs(gatherers) do
  redis.call('HSET', job_key(gatherer.ids[1]), 'gathers', table.concat(gatherer.ids, ','))
end
for _, id in ipairs(found) do mark_due(id) end
return found
