-- claimed → failed, by the attempt that owns the job.
local id, attempt, reason, cause, keep = unpack(ARGV, 1, 5)
if not owns(id, attempt) then return 0 end
finish(id, 'failed', reason, cause, keep)
mark_due(id)
return 1
