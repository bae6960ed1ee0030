-- What of each limit is taken: jobs of a person in a server, of that person everywhere, of the server, of all; pictures and
-- milliseconds of the person and of the server today; by how many milliseconds the buckets of the person everywhere, of the
-- person here and of the server are filled, of a minute; when (seconds since the epoch) the next day begins.
local owner, server = ARGV[1], ARGV[2]
local key = usage_key(server, day_of(wall))
local function filled(bucket) return empty_at(bucket) - now end
return {
  taken_of(member_set(server, owner)), taken_of(K.person .. owner), taken_of(K.server .. server),
  line_length() + redis.call('ZCARD', K.leases),
  used_on(key, 'pictures:' .. owner), used_on(key, 'ms:' .. owner), used_on(key, 'pictures'), used_on(key, 'ms'),
  filled(K.rate_person .. owner), filled(K.rate_member .. server .. ':' .. owner), filled(K.rate_server .. server),
  (math.floor(wall / DAY) + 1) * DAY / 1000,
}
