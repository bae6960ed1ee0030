-- Before anything is known of a request but who asks: {'seen', job} | {'refused', ...} as admit answers, or {'free'}.
-- Nothing is taken; admission decides.
local event, owner, server, window = unpack(ARGV, 1, 4)
local before = seen(event)
if before then return { 'seen', before } end
return over_limits(owner, server, limits_of(unpack(ARGV, 5, 9)), tonumber(window)) or { 'free' }
