-- Before anything is known of a request but who asks: {'seen', job} | {'stale'} | {'refused', ...} as admit answers, or
-- {'free'}. Nothing is taken; admission decides.
local event, owner, server, window = unpack(ARGV, 1, 4)
local limits = limits_of(ARGV[5])
local before = seen(event)
if before then return { 'seen', before } end
if outdated(server, limits) then return { 'stale' } end
return over_limits(owner, server, limits, tonumber(window), { pictures = 1, ms = 1 }) or { 'free' }
