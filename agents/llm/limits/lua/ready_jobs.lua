-- Return queued jobs that could start within a moment and do not sleep in a worker.
local quota, breakers = load_quota(), load_breakers()
drop_absent(quota)
save_quota(quota)

local names = {}
local paused_s, is_open = pause_of(breakers, quota.call_s)
if math.max(paused_s, quota.closed_until - NOW) > ARGS.within_s then
  return names
end
local spare = {}
for _, dim in ipairs(DIMS) do
  spare[dim] = quota[dim .. '.level'] + per_s(quota, dim) * ARGS.within_s
end
local busy = in_flight()
local taken = busy - busy * math.min(1, ARGS.within_s / math.max(quota.call_s, 0.1))
local most = is_open and 1 or ARGS.max_jobs

for lane = 1, LANES do
  for _, job in ipairs(redis.call('ZRANGE', waiting(lane), 0, most - 1)) do
    local known = read_job(job)
    local cost = {requests = 1, input = known.input, output = known.output}
    local fits = taken + 1 <= lane_cap(quota, lane) and #names < most
    for _, dim in ipairs(DIMS) do
      local need = math.min(cost[dim] + headroom(quota, dim, lane), capacity(quota, dim))
      fits = fits and spare[dim] >= need - ROUNDING
    end
    if not fits then
      return names
    end
    taken = taken + 1
    for _, dim in ipairs(DIMS) do
      spare[dim] = spare[dim] - cost[dim]
    end
    local woken_until = tonumber(redis.call('ZSCORE', PREFIX .. 'woken', job) or 0)
    if woken_until <= NOW and not redis.call('ZSCORE', ready(lane), job) then
      redis.call('ZADD', PREFIX .. 'woken', exact(NOW + CFG.wake_again_s), job)
      keep(PREFIX .. 'woken')
      names[#names + 1] = job
    end
  end
end
return names
