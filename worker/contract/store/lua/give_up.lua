-- The attempt ends without a result: its lease runs out now, the reaper does the rest. `reason` (may be empty), with its
-- cause, is what the job fails with should this have been its last attempt. `how`: 'counted'; 'uncounted', where nothing
-- says that the job had a part in it; 'among', where it may have, or another that was drawn with it (it is drawn alone
-- from now on); 'unless-begun', which counts unless its attempt has said that no step was made.
local id, attempt, reason, cause, how = unpack(ARGV, 1, 5)
if not owns(id, attempt) then return 0 end
free_memory_first(id)
redis.call('HDEL', job_key(id), 'why', 'why_cause', 'why_detail')
if reason ~= '' then redis.call('HSET', job_key(id), 'why', reason, 'why_cause', cause) end
if how == 'uncounted' or how == 'among' or how == 'unless-begun' and is_unbegun(id) then hand_back(id, attempt) end
if how == 'among' then redis.call('HSET', job_key(id), 'alone', 1) end
redis.call('HSET', job_key(id), 'lease', 0)
redis.call('ZADD', K.leases, 0, id)
return 1
