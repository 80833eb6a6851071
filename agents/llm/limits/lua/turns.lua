-- Who could go now or in a moment, and is not at the door. Says the same as LocalLimits.turns.
local line, breakers = load_line(), load_breakers()
forget_absent(line)
save_line(line)

local named = {}
local held_s, is_open = held_back(breakers, line.call_s)
if math.max(held_s, line.closed_until - NOW) > ASK.within_s then
  return named
end
local spare = {}
for _, dim in ipairs(DIMS) do
  spare[dim] = line[dim .. '.level'] + per_s(line, dim) * ASK.within_s
end
local busy = in_flight()
local taken = busy - busy * math.min(1, ASK.within_s / math.max(line.call_s, 0.1))
local most = is_open and 1 or ASK.most

for lane = 1, LANES do
  for _, job in ipairs(redis.call('ZRANGE', waiting(lane), 0, most - 1)) do
    local known = read_job(job)
    local cost = {requests = 1, input = known.input, output = known.output}
    local fits = taken + 1 <= lane_cap(line, lane) and #named < most
    for _, dim in ipairs(DIMS) do
      local need = math.min(cost[dim] + headroom(line, dim, lane), capacity(line, dim))
      fits = fits and spare[dim] >= need - ROUNDING
    end
    if not fits then
      return named
    end
    taken = taken + 1
    for _, dim in ipairs(DIMS) do
      spare[dim] = spare[dim] - cost[dim]
    end
    local rung_until = tonumber(redis.call('ZSCORE', PREFIX .. 'rung', job) or 0)
    if rung_until <= NOW and not redis.call('ZSCORE', here(lane), job) then
      redis.call('ZADD', PREFIX .. 'rung', exact(NOW + CFG.ring_again_s), job)
      keep(PREFIX .. 'rung')
      named[#named + 1] = job
    end
  end
end
return named
