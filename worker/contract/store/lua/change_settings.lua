-- Compare-and-set of a settings document: {version now, ''} when it was `version` before, else {-1, the last change}. ARGV:
-- hash, list of changes ('' for none), version, document, how many changes stay, then the changes without their numbers,
-- which are given here: they run on even where the hash was lost, so that no version ever comes twice.
local hash, list, version, document, most = unpack(ARGV, 1, 5)

local kind = redis.call('TYPE', hash).ok
if kind ~= 'hash' and kind ~= 'none' then redis.call('DEL', hash) end
kind = list ~= '' and redis.call('TYPE', list).ok
if kind and kind ~= 'list' and kind ~= 'none' then redis.call('DEL', list) end

local last = list ~= '' and redis.call('LINDEX', list, -1) or ''
local held = number(redis.call('HGET', hash, 'version'), 0)
if held ~= tonumber(version) then return { -1, last } end

local changes = #ARGV - 5
local next_one = math.max(held, number(string.match(last, '^{"number":(%d+),'), 0)) + 1
for i = 1, changes do
  redis.call('RPUSH', list, '{"number":' .. string.format('%d', next_one) .. ',' .. string.sub(ARGV[5 + i], 2))
  next_one = next_one + 1
end
if list == '' then next_one = next_one + 1 end
if changes > 0 then
  redis.call('LTRIM', list, -tonumber(most), -1)
  redis.call('PERSIST', list)
end
redis.call('HSET', hash, 'version', string.format('%d', next_one - 1), 'doc', document)
redis.call('HDEL', hash, 'left')
redis.call('PERSIST', hash)
return { next_one - 1, '' }
