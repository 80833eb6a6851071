-- A grant, or how long to wait. Says the same as LocalLimits.reserve.
local line, breakers = load_line(), load_breakers()
remember_model()
forget_absent(line)

-- The client repeats what it got no answer to; the first time counts.
if read_grant(ASK.grant) then
  return cjson.encode({granted = true, is_probe = breakers.probe_id == ASK.grant})
end

local lane, job = ASK.lane, ASK.job
local cost = {requests = 1, input = ASK.input, output = ASK.output}
local known = enter(line, job, lane, ASK.universe, cost)
local ahead = before(line, lane, job)

local wait_s, reason = 0, ''
local function at_least(seconds, why)
  if seconds > wait_s then
    wait_s, reason = seconds, why
  end
end

local held_s, is_open = held_back(breakers, line.call_s)
at_least(line.closed_until - NOW, 'closed')
at_least(held_s, 'breaker')
local blocked_s = wait_s

for _, dim in ipairs(DIMS) do
  local full = capacity(line, dim)
  local level = math.min(full, line[dim .. '.level'] + per_s(line, dim) * blocked_s)
  local short = ahead[dim] + cost[dim] + headroom(line, dim, lane) - level
  -- A full bucket would spill: whoever stands at the door then goes, whoever is before him but absent.
  if short > ROUNDING and (blocked_s > 0 or level < full - ROUNDING) then
    at_least(blocked_s + short / per_s(line, dim), dim)
  end
end

local cap = lane_cap(line, lane)
local free = cap - in_flight()
if free - before_at_the_door(lane, known.tag, job) < 1 then
  at_least(blocked_s + math.max(1, ahead.requests + 1 - free) * line.call_s / cap, 'in_flight')
end

if wait_s > 0 then
  wait_s = math.min(math.max(wait_s, CFG.shortest_wait_s), CFG.longest_wait_s)
  promise(lane, job, wait_s)
  save_line(line)
  return cjson.encode({granted = false, wait_s = exact(wait_s), reason = reason})
end

serve(line, job)
write_grant(line, ASK.grant, cost, NOW + ASK.timeout_s)
if is_open then
  begin_probe(breakers, ASK.grant, NOW + ASK.timeout_s)
  save_breakers(breakers)
end
save_line(line)
return cjson.encode({granted = true, is_probe = is_open})
