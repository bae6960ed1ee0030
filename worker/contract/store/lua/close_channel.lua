-- Nothing can be posted in a channel any more: what waits for it in line is cancelled undrawn. `also` may run already, when
-- nobody has seen anything of it yet. Of each person's jobs the first gathers them all: its poster tells that person.
-- Returns the ids, of a bounded number; the caller asks again while there are any.
local channel, reason, cause, keep, also = unpack(ARGV, 1, 5)

local found = {}
for _, id in ipairs(redis.call('SRANDMEMBER', K.fair .. 'channel:' .. channel, 200)) do
  if fields(id, 'state').state == 'queued' then table.insert(found, id) end
end
local function order(id) return number(redis.call('ZSCORE', K.fair .. 'all', id), 0) end
table.sort(found, function(one, other) return order(one) < order(other) end)
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
