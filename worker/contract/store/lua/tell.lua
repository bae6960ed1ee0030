-- Whether the owner of a job wants to be told of its end (`asked`, or '' for no longer): 'done', 'ended' (too late) or
-- 'unknown'. Its message shows it.
local id, tell = ARGV[1], ARGV[2]
local state = redis.call('HGET', job_key(id), 'state')
if not state then return 'unknown' end
if state ~= 'queued' and state ~= 'claimed' and state ~= 'rendered' then return 'ended' end
if tell == '' then
  redis.call('HDEL', job_key(id), 'tell')
else
  redis.call('HSET', job_key(id), 'tell', tell)
end
if state ~= 'rendered' then mark_cosmetic(id, soon(id, 1000)) end
return 'done'
