-- A model's buckets, calls in flight and bound on them. Says the same as line.py.
local DIMS = {'requests', 'input', 'output'}
local ROUNDING = 0.000001

local function per_s(line, dim)
  return line[dim .. '.limit'] / 60
end

local function capacity(line, dim)
  return per_s(line, dim) * CFG.burst_s
end

local function load_line()
  local line = read_hash(PREFIX .. 'line')
  local is_new = line.at == nil
  if is_new then
    line.at, line.cap, line.cut_at, line.closed_until, line.call_s = NOW, CFG.max_in_flight, 0, 0, CFG.call_s
  end
  line.cap = math.min(line.cap, CFG.max_in_flight)
  for _, dim in ipairs(DIMS) do
    -- A setting that was changed wins over what was learned before.
    if line[dim .. '.configured'] ~= CFG.limits[dim] then
      line[dim .. '.configured'] = CFG.limits[dim]
      line[dim .. '.limit'] = CFG.limits[dim]
    end
    if is_new then
      line[dim .. '.level'] = capacity(line, dim)
      line[dim .. '.taken'] = 0
    end
    local refill = math.max(0, NOW - line.at) * per_s(line, dim)
    line[dim .. '.level'] = math.min(capacity(line, dim), line[dim .. '.level'] + refill)
  end
  line.at = NOW
  line.closed_until = math.min(line.closed_until, NOW + CFG.longest_closed_s)
  for _, grant in ipairs(redis.call('ZRANGEBYSCORE', PREFIX .. 'flight', '-inf', exact(NOW))) do
    redis.call('ZREM', PREFIX .. 'flight', grant)
    redis.call('HDEL', PREFIX .. 'grants', grant)
  end
  return line
end

local function save_line(line)
  write_hash(PREFIX .. 'line', line)
end

-- Which models there are to show. One that nobody asked for a day is not shown any more.
local function remember_model()
  redis.call('ZADD', ASK.models, exact(NOW), ASK.model)
  redis.call('ZREMRANGEBYSCORE', ASK.models, '-inf', exact(NOW - 86400))
  keep(ASK.models)
end

local function take(line, dim, amount)
  line[dim .. '.level'] = math.min(capacity(line, dim), line[dim .. '.level'] - amount)
  line[dim .. '.taken'] = line[dim .. '.taken'] + amount
end

local function in_flight()
  return redis.call('ZCARD', PREFIX .. 'flight')
end

local function lane_cap(line, lane)
  local cap = math.floor(line.cap)
  if lane == 1 then
    return cap
  end
  return math.max(1, math.floor(cap * (1 - CFG.headroom)))
end

local function headroom(line, dim, lane)
  if lane == 1 then
    return 0
  end
  return capacity(line, dim) * CFG.headroom
end

local function read_grant(id)
  local raw = redis.call('HGET', PREFIX .. 'grants', id)
  if not raw then
    return nil
  end
  local n = numbers(raw)
  return {at = n[1], cost = {requests = 1, input = n[2], output = n[3]},
          taken = {requests = n[4], input = n[5], output = n[6]}}
end

local function write_grant(line, id, cost, expires_at)
  for _, dim in ipairs(DIMS) do
    take(line, dim, cost[dim])
  end
  local words = {exact(NOW), exact(cost.input), exact(cost.output)}
  for _, dim in ipairs(DIMS) do
    words[#words + 1] = exact(line[dim .. '.taken'])
  end
  redis.call('HSET', PREFIX .. 'grants', id, table.concat(words, ' '))
  redis.call('ZADD', PREFIX .. 'flight', exact(expires_at), id)
  keep(PREFIX .. 'grants')
  keep(PREFIX .. 'flight')
end

local function end_grant(id)
  redis.call('HDEL', PREFIX .. 'grants', id)
  redis.call('ZREM', PREFIX .. 'flight', id)
end

local function reconcile(line, grant, used)
  for dim, amount in pairs(used) do
    local more = amount - grant.cost[dim]
    take(line, dim, more)
    grant.taken[dim] = grant.taken[dim] + more
  end
end

-- The other side's word on its own buckets. It may be as old as the call. What was refilled since the grant is
-- added, less what was taken since; where more was taken, our own books have it already.
local function correct(line, said, grant)
  for _, dim in ipairs(DIMS) do
    local word = said[dim] or {}
    if word.limit then
      line[dim .. '.limit'] = word.limit
      take(line, dim, 0)
    end
    if word.remaining then
      local left = word.remaining + word.rounding
      if grant then
        local since = line[dim .. '.taken'] - grant.taken[dim]
        left = left + math.max(0, per_s(line, dim) * (NOW - grant.at) - since)
      end
      line[dim .. '.level'] = math.min(line[dim .. '.level'], left)
    end
  end
end

local function succeed(line, grant)
  line.cap = math.min(CFG.max_in_flight, line.cap + 1 / line.cap)
  line.call_s = line.call_s * 0.9 + (NOW - grant.at) * 0.1
end

-- Halve the bound, but once for all calls that were on their way together. Returns whether it did.
local function back_off(line, grant)
  if grant.at < line.cut_at or NOW - line.cut_at < 1 then
    return false
  end
  line.cap = math.max(1, math.floor(line.cap / 2))
  line.cut_at = NOW
  return true
end

local function close(line, seconds)
  line.closed_until = math.max(line.closed_until, NOW + math.min(seconds, CFG.longest_closed_s))
end
