-- Milliseconds since each of these jobs was asked for, as the longest wait is counted: a night in which nothing ran is no
-- part of it. Those of older bots tell it by the wall alone; -1 where nothing is known.
local found = {}
for i, id in ipairs(ARGV) do
  local job = fields(id, 'wait_start', 'created')
  local created = number(job.created)
  found[i] = number(job.wait_start) and waited_by(job) or created and math.max(0, wall - created) or -1
end
return found
