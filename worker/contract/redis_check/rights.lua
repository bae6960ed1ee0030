-- Tries every command that Easel's scripts call, on keys that nobody else uses, and a reading and a writing one, which
-- change nothing, on every key that they touch. Returns every error as {what was tried, Redis's words}; who calls this
-- tells those that do not pass from the others. ARGV: scratch key, channel, then keys.
local scratch, channel = ARGV[1], ARGV[2]
local errors = {}

local function try(what, ...)
  local answer = redis.pcall(...)
  if type(answer) == 'table' and answer.err then table.insert(errors, { what, answer.err }) end
end

local TRIED = {
  s = { { 'SET', '1', 'NX', 'PX', '60000' }, { 'GET' }, { 'INCR' }, { 'EXISTS' }, { 'TYPE' }, { 'EXPIRE', '60' },
    { 'PEXPIRE', '60000' }, { 'PTTL' }, { 'PERSIST' }, { 'DEL' } },
  h = { { 'HSET', 'a', '1' }, { 'HINCRBY', 'a', '1' }, { 'HINCRBYFLOAT', 'a', '1' }, { 'HGET', 'a' }, { 'HMGET', 'a' },
    { 'HGETALL' }, { 'HKEYS' }, { 'HVALS' }, { 'HLEN' }, { 'HSCAN', '0' }, { 'HEXISTS', 'a' }, { 'PEXPIRE', '60000' },
    { 'HDEL', 'a' } },
  l = { { 'LPUSH', 'a' }, { 'RPUSH', 'a' }, { 'LINDEX', '0' }, { 'LTRIM', '0', '1' }, { 'PEXPIRE', '60000' }, { 'LREM', '0', 'a' } },
  m = { { 'SADD', 'a' }, { 'SCARD' }, { 'SISMEMBER', 'a' }, { 'SRANDMEMBER', '1' }, { 'PEXPIRE', '60000' }, { 'SREM', 'a' } },
  z = { { 'ZADD', '1', 'a' }, { 'ZINCRBY', '1', 'a' }, { 'ZCARD' }, { 'ZCOUNT', '-inf', '1' }, { 'ZSCORE', 'a' },
    { 'ZRANK', 'a' }, { 'ZRANGE', '0', '-1' }, { 'ZREVRANGE', '0', '-1' },
    { 'ZRANGEBYSCORE', '-inf', '1', 'LIMIT', '0', '1' }, { 'ZREMRANGEBYSCORE', '-inf', '(1' }, { 'PEXPIRE', '60000' },
    { 'ZREM', 'a' } },
}
for kind, commands in pairs(TRIED) do
  for _, words in ipairs(commands) do try(words[1], words[1], scratch .. kind, unpack(words, 2)) end
end
try('LMOVE', 'LMOVE', scratch .. 'l', scratch .. 'm', 'LEFT', 'RIGHT')  -- slots alone need it, but it tells 6.2 from older
try('TIME', 'TIME')
try(channel, 'PUBLISH', channel, '')
for i = 3, #ARGV do
  try(ARGV[i], 'HGET', ARGV[i], '')
  try(ARGV[i], 'HDEL', ARGV[i], '')
end
return errors
