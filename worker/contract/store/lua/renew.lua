-- The attempt lives: 'held', 'cancelled' or 'lost' (another attempt owns the job, or it has ended).
local id, attempt, lease, progress, every, renew = unpack(ARGV, 1, 6)
lease = lease_for(lease, renew)
local job = fields(id, 'state', 'attempt', 'progress')
if job.attempt ~= attempt then return 'lost' end
if job.state == 'cancelled' then return 'cancelled' end
if job.state ~= 'claimed' then return 'lost' end
free_memory_first(id)
redis.call('HSET', job_key(id), 'lease', now + lease)
redis.call('ZADD', K.leases, now + lease, id)
if progress ~= '' and progress ~= job.progress then
  redis.call('HSET', job_key(id), 'progress', progress)
  mark_cosmetic(id, soon(id, tonumber(every)))
end
return 'held'
