-- Token buckets, calls in flight and concurrency bound of one model.
local DIMS = {'requests', 'input', 'output'}
local ROUNDING = 0.000001

local function per_s(quota, dim)
  return quota[dim .. '.limit'] / 60
end

local function capacity(quota, dim)
  return per_s(quota, dim) * CFG.burst_s
end

local function load_quota()
  local quota = read_hash(PREFIX .. 'quota')
  local is_new = quota.at == nil
  if is_new then
    quota.at, quota.cap, quota.cut_at, quota.closed_until, quota.call_s = NOW, CFG.max_in_flight, 0, 0, CFG.call_s
  end
  quota.cap = math.min(quota.cap, CFG.max_in_flight)
  for _, dim in ipairs(DIMS) do
    -- A changed setting wins over a learned limit.
    if quota[dim .. '.configured'] ~= CFG.limits[dim] then
      quota[dim .. '.configured'] = CFG.limits[dim]
      quota[dim .. '.limit'] = CFG.limits[dim]
    end
    if is_new then
      quota[dim .. '.level'] = capacity(quota, dim)
      quota[dim .. '.taken'] = 0
    end
    local refill = math.max(0, NOW - quota.at) * per_s(quota, dim)
    quota[dim .. '.level'] = math.min(capacity(quota, dim), quota[dim .. '.level'] + refill)
  end
  quota.at = NOW
  quota.closed_until = math.min(quota.closed_until, NOW + CFG.max_closed_s)
  for _, reservation in ipairs(redis.call('ZRANGEBYSCORE', PREFIX .. 'flight', '-inf', exact(NOW))) do
    redis.call('ZREM', PREFIX .. 'flight', reservation)
    redis.call('HDEL', PREFIX .. 'reservations', reservation)
  end
  return quota
end

local function save_quota(quota)
  write_hash(PREFIX .. 'quota', quota)
end

-- Remember the model for snapshots until a day after its last request.
local function remember_model()
  redis.call('ZADD', ARGS.models, exact(NOW), ARGS.model)
  redis.call('ZREMRANGEBYSCORE', ARGS.models, '-inf', exact(NOW - 86400))
  keep(ARGS.models)
end

local function take(quota, dim, amount)
  quota[dim .. '.level'] = math.min(capacity(quota, dim), quota[dim .. '.level'] - amount)
  quota[dim .. '.taken'] = quota[dim .. '.taken'] + amount
end

local function in_flight()
  return redis.call('ZCARD', PREFIX .. 'flight')
end

local function lane_cap(quota, lane)
  local cap = math.floor(quota.cap)
  if lane == 1 then
    return cap
  end
  return math.max(1, math.floor(cap * (1 - CFG.headroom)))
end

local function headroom(quota, dim, lane)
  if lane == 1 then
    return 0
  end
  return capacity(quota, dim) * CFG.headroom
end

local function read_reservation(id)
  local raw = redis.call('HGET', PREFIX .. 'reservations', id)
  if not raw then
    return nil
  end
  local n = numbers(raw)
  return {at = n[1], cost = {requests = 1, input = n[2], output = n[3]},
          taken = {requests = n[4], input = n[5], output = n[6]}}
end

local function write_reservation(quota, id, cost, expires_at)
  for _, dim in ipairs(DIMS) do
    take(quota, dim, cost[dim])
  end
  local words = {exact(NOW), exact(cost.input), exact(cost.output)}
  for _, dim in ipairs(DIMS) do
    words[#words + 1] = exact(quota[dim .. '.taken'])
  end
  redis.call('HSET', PREFIX .. 'reservations', id, table.concat(words, ' '))
  redis.call('ZADD', PREFIX .. 'flight', exact(expires_at), id)
  keep(PREFIX .. 'reservations')
  keep(PREFIX .. 'flight')
end

local function end_reservation(id)
  redis.call('HDEL', PREFIX .. 'reservations', id)
  redis.call('ZREM', PREFIX .. 'flight', id)
end

local function reconcile(quota, reservation, used)
  for dim, amount in pairs(used) do
    local more = amount - reservation.cost[dim]
    take(quota, dim, more)
    reservation.taken[dim] = reservation.taken[dim] + more
  end
end

-- Apply the provider's headers. They may be as old as the call: add what was refilled since the reservation, less
-- what was taken since. If more was taken, our own level accounts for it already.
local function correct(quota, headers, reservation)
  for _, dim in ipairs(DIMS) do
    local header = headers[dim] or {}
    if header.limit then
      quota[dim .. '.limit'] = header.limit
      take(quota, dim, 0)
    end
    if header.remaining then
      local since = quota[dim .. '.taken'] - reservation.taken[dim]
      local refilled = math.max(0, per_s(quota, dim) * (NOW - reservation.at) - since)
      local left = header.remaining + header.rounding + refilled
      quota[dim .. '.level'] = math.min(quota[dim .. '.level'], left)
    end
  end
end

local function succeed(quota, reservation)
  quota.cap = math.min(CFG.max_in_flight, quota.cap + 1 / quota.cap)
  quota.call_s = quota.call_s * 0.9 + (NOW - reservation.at) * 0.1
end

-- Halve the bound, once for all calls in flight at the same time. Return whether it did.
local function back_off(quota, reservation)
  if reservation.at < quota.cut_at or NOW - quota.cut_at < 1 then
    return false
  end
  quota.cap = math.max(1, math.floor(quota.cap / 2))
  quota.cut_at = NOW
  return true
end

local function close(quota, seconds)
  quota.closed_until = math.max(quota.closed_until, NOW + math.min(seconds, CFG.max_closed_s))
end
