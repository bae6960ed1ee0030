-- What a job takes of the workers' time, in reference milliseconds: fixed at its admission, kept in its record
-- (`charge`), and counted once whatever its attempts. It is what a job is expected to take by itself on a warm worker of
-- the usual kind, so nobody pays for a slow card, a model that is loaded first, or an attempt that died.
--
-- `K.charges` holds what was seen: `<resource>:fixed` (ms before the first step) and, by size class of one picture,
-- `<resource>:<class>` (ms for a unit of cost: a megapixel, once, for one picture). A class is twice as large as the one
-- before it; within one, time grows as the work does.
local charge_of, charge_in, is_guess, learn_charge, known_ratio, learn_ratio, stretch_of, learn_stretch, undone_share
do  -- a script may have 200 local variables, so what others do not call stays in here
local UNSEEN = 1000  -- ms for a unit of cost of what nobody has ever drawn
local CHARGE_MOST = 24 * 3600 * 1000
local CLASS_LEAST, CLASS_MOST = -7, 9  -- from 128² and less to more than any picture has

-- Which class a picture of this job is in, by its field `request`; nil when that cannot be read.
local function size_class(job)
  local whole, request = pcall(cjson.decode, job.request or '')
  if not whole or type(request) ~= 'table' then return nil end
  local picture = type(request.upscale) == 'table' and request.upscale or request
  local width, height = number(picture.width), number(picture.height)
  if not (width and height and width >= 1 and height >= 1) then return nil end
  local class = math.ceil(math.log(width * height / 1e6) / math.log(2) - 1e-9)
  return math.max(CLASS_LEAST, math.min(CLASS_MOST, class))
end

-- Milliseconds for a unit of cost of this resource in this class, else in the one nearest to it; nil: never seen.
local function seen_rate(resource, class)
  if not class then return nil end
  for apart = 0, CLASS_MOST - CLASS_LEAST do
    for _, near in ipairs(apart == 0 and { class } or { class - apart, class + apart }) do
      local rate = number(redis.call('HGET', K.charges, resource .. ':' .. near))
      if rate and rate > 0 then return rate end
    end
  end
end

local function bounded(charge)
  return math.max(1, math.min(CHARGE_MOST, math.floor(charge + 0.5)))
end

-- The charge of a job, by its fields `model`, `cost` and `request`: whole milliseconds, 1 at least.
function charge_of(job)
  local cost = math.max(0, number(job.cost, 0))
  local rate = job.model and seen_rate(job.model, size_class(job))
  local fixed = rate and number(redis.call('HGET', K.charges, job.model .. ':fixed'), 0) or 0
  rate = rate or job.model and number(redis.call('HGET', K.pace, job.model)) or UNSEEN
  return bounded(fixed + rate * cost)
end

-- What the record says it is charged; what an older bot admitted says nothing, and damage is no charge.
function charge_in(job)
  local charge = number(job.charge)
  if charge and charge >= 1 and charge <= CHARGE_MOST then return math.floor(charge) end
  return charge_of(job)
end

-- Whether a job was admitted before anything of its resource had been drawn, so that its charge says nothing.
function is_guess(job)
  return number(job.charge) == bounded(UNSEEN * math.max(0, number(job.cost, 0)))
end

local function smooth(field, took)
  local known = number(redis.call('HGET', K.charges, field), 0)
  if known <= 0 then known = took end  -- a first one that took nothing says nothing of those to come
  -- One that was compiled for, or sat on a busy card, must not set the price for all.
  took = math.max(known / 4, math.min(known * 4, took))
  redis.call('HSET', K.charges, field, tostring(known + 0.2 * (took - known)))
end

-- Learn from a result (JSON) what a job took on its device: by the engine's own clock, by phases, without the loading of
-- a model. An engine that tells no phases teaches the pace alone.
function learn_charge(job, result)
  local whole, told = pcall(cjson.decode, result)
  local took = whole and type(told) == 'table' and type(told.timings) == 'table' and told.timings or {}
  local cost, steps, class = number(job.cost, 0), number(took.steps), size_class(job)
  if not (job.model and class and cost > 0 and steps) then return end
  local drawn = steps + math.max(0, number(took.decode, 0))
  if drawn <= 0 then return end
  smooth(job.model .. ':' .. class, drawn / cost)
  smooth(job.model .. ':fixed', math.max(0, number(took.encode, 0)))
end

-- What jobs of a resource take from their claim on, by the engine's clock, for each millisecond that they are charged:
-- for estimates. Unlike the charge it has in it what is loaded and waited for. Of charges that were a guess it is kept
-- apart (`guess`): it tells what those take that are still in line, and nothing of jobs that are charged what was seen.
function known_ratio(resource, guess)
  local ratio = number(redis.call('HGET', K.charges, resource .. (guess and ':guess' or ':ratio')))
  return ratio and ratio > 0 and ratio or nil
end

function learn_ratio(job, took)
  local charge = number(job.charge)
  if not (job.model and charge and charge >= 1 and took and took > 0) then return end
  local guess = is_guess(job)
  local known, field = known_ratio(job.model, guess) or took / charge, guess and ':guess' or ':ratio'
  redis.call('HSET', K.charges, job.model .. field, tostring(known + 0.2 * (took / charge - known)))
end

-- By how much people wait longer than who waits before them takes: those who come later, and were given less, go first.
-- That meets who has much in line more often than others, so it is learnt by how many of one's own jobs stand before.
local function stretch_field(own)
  return ':wait:' .. (own < 2 and math.floor(own) or own < 4 and 2 or own < 8 and 4 or 8)
end

function stretch_of(own)
  local known = number(redis.call('HGET', K.charges, stretch_field(own)), 1)
  return math.max(0.5, math.min(8, known))
end

-- A job's turn has come, after `waited`; `told`: what admission kept of it, how many of its person's stood before, and
-- the wait without a stretch.
function learn_stretch(told, waited)
  local own, wait = string.match(told or '', '^(%d+) (%d+)$')
  own, wait = number(own), number(wait)
  if not own then return end
  local seen, known = (waited + 1000) / (wait + 1000), stretch_of(own)
  if seen > 6 * known then return end  -- it is not people who go first that take so long: nobody drew for a while
  seen = math.max(known / 4, seen)
  redis.call('HSET', K.charges, stretch_field(own), tostring(known * (seen / known) ^ 0.05))
end

local UNTOLD = 2000  -- ms; progress is told each second, so one that ends within this has told little of what was done

-- Which share of a job's work was not done, 0 to 1, where it ends now as `outcome`. Asked before its record changes.
-- Posted, or drawn and not posted: all was done. Failed: nothing. Cancelled: what was not yet drawn; who looks at
-- previews and cancels late pays for what he saw, and who cancels at once, each time, for the time that it ran.
function undone_share(id, outcome)
  local job = fields(id, 'state', 'progress', 'claimed', 'charge')
  if outcome == 'posted' or job.state == 'rendered' then return 0 end
  if outcome == 'failed' or job.state ~= 'claimed' then return 1 end
  local whole, told = pcall(cjson.decode, job.progress or '')
  local progress = whole and type(told) == 'table' and told or {}
  local step, steps = number(progress.step, 0), number(progress.steps, 0)
  local ran = math.max(0, math.min(UNTOLD, now - number(job.claimed, now)))
  local done = math.max(steps > 0 and step / steps or 0, ran / number(job.charge, math.huge))
  return 1 - math.max(0, math.min(1, done))
end
end
