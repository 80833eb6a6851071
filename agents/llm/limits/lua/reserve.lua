-- Make a reservation, or queue the job and return how long to wait.
local quota, breakers = load_quota(), load_breakers()
remember_model()
drop_absent(quota)

-- Idempotent: the client repeats a request that got no answer.
if read_reservation(ARGS.reservation) then
  return cjson.encode({is_probe = breakers.probe_id == ARGS.reservation})
end

local lane, job = ARGS.lane, ARGS.job
local cost = {requests = 1, input = ARGS.input, output = ARGS.output}
local known = enter(quota, job, lane, ARGS.universe, cost)
local ahead = before(quota, lane, job)

local wait_s, reason = 0, ''
local function at_least(seconds, why)
  if seconds > wait_s then
    wait_s, reason = seconds, why
  end
end

local paused_s, is_open = pause_of(breakers, quota.call_s)
at_least(quota.closed_until - NOW, 'closed')
at_least(paused_s, 'breaker')
local blocked_s = wait_s

for _, dim in ipairs(DIMS) do
  local full = capacity(quota, dim)
  local level = math.min(full, quota[dim .. '.level'] + per_s(quota, dim) * blocked_s)
  local short = ahead[dim] + cost[dim] + headroom(quota, dim, lane) - level
  -- A full bucket cannot store more, so do not reserve it for jobs that are absent.
  if short > ROUNDING and (blocked_s > 0 or level < full - ROUNDING) then
    at_least(blocked_s + short / per_s(quota, dim), dim)
  end
end

local cap = lane_cap(quota, lane)
local free = cap - in_flight()
if free - ready_before(lane, known.tag, job) < 1 then
  at_least(blocked_s + math.max(1, ahead.requests + 1 - free) * quota.call_s / cap, 'in_flight')
end

if wait_s > 0 then
  wait_s = math.min(math.max(wait_s, CFG.min_wait_s), CFG.max_wait_s)
  promise(lane, job, wait_s)
  save_quota(quota)
  return cjson.encode({wait_s = exact(wait_s), reason = reason})
end

serve(quota, job)
write_reservation(quota, ARGS.reservation, cost, NOW + ARGS.timeout_s)
if is_open then
  begin_probe(breakers, ARGS.reservation, NOW + ARGS.timeout_s)
  save_breakers(breakers)
end
save_quota(quota)
return cjson.encode({is_probe = is_open})
