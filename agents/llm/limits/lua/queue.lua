-- Queue of one model by lane, with start-time fair queuing between universes inside a lane.
local LANES = 3

local function waiting(lane)
  return PREFIX .. 'wait:' .. lane
end

local function ready(lane)
  return PREFIX .. 'ready:' .. lane
end

local function sum(quota, lane, dim)
  return quota['sum.' .. lane .. '.' .. dim] or 0
end

local function add(quota, lane, dim, amount)
  quota['sum.' .. lane .. '.' .. dim] = sum(quota, lane, dim) + amount
end

local function size(lane)
  return redis.call('ZCARD', waiting(lane))
end

local function read_job(job)
  local raw = redis.call('HGET', PREFIX .. 'jobs', job)
  if not raw then
    return nil
  end
  local n = numbers(raw)
  return {lane = n[1], tag = n[2], input = n[3], output = n[4]}
end

local function leave(quota, job)
  local known = read_job(job)
  if not known then
    return nil
  end
  redis.call('HDEL', PREFIX .. 'jobs', job)
  redis.call('ZREM', waiting(known.lane), job)
  redis.call('ZREM', ready(known.lane), job)
  redis.call('ZREM', PREFIX .. 'ready_until', job)
  redis.call('ZREM', PREFIX .. 'forget', job)
  redis.call('ZREM', PREFIX .. 'woken', job)
  add(quota, known.lane, 'input', -known.input)
  add(quota, known.lane, 'output', -known.output)
  if size(known.lane) == 0 then
    add(quota, known.lane, 'input', -sum(quota, known.lane, 'input'))
    add(quota, known.lane, 'output', -sum(quota, known.lane, 'output'))
  end
  return known
end

-- The bound keeps the script short.
local function drop_absent(quota)
  for _, job in ipairs(redis.call('ZRANGEBYSCORE', PREFIX .. 'forget', '-inf', exact(NOW), 'LIMIT', 0, 100)) do
    leave(quota, job)
  end
  for _, job in ipairs(redis.call('ZRANGEBYSCORE', PREFIX .. 'ready_until', '-inf', exact(NOW))) do
    redis.call('ZREM', PREFIX .. 'ready_until', job)
    for lane = 1, LANES do
      redis.call('ZREM', ready(lane), job)
    end
  end
end

local function enter(quota, job, lane, universe, cost)
  local known = read_job(job)
  if known and known.lane ~= lane then
    leave(quota, job)
    known = nil
  end
  if known then
    return known
  end
  local tags = PREFIX .. 'tags:' .. lane
  local minutes = 0
  for _, dim in ipairs(DIMS) do
    minutes = math.max(minutes, cost[dim] / quota[dim .. '.limit'])
  end
  local tag = math.max(quota['virtual.' .. lane] or 0, tonumber(redis.call('ZSCORE', tags, universe) or 0))
  redis.call('ZADD', tags, exact(tag + minutes), universe)
  redis.call('ZADD', waiting(lane), exact(tag), job)
  redis.call('HSET', PREFIX .. 'jobs', job,
    table.concat({exact(lane), exact(tag), exact(cost.input), exact(cost.output)}, ' '))
  add(quota, lane, 'input', cost.input)
  add(quota, lane, 'output', cost.output)
  keep(tags)
  keep(waiting(lane))
  keep(PREFIX .. 'jobs')
  return {lane = lane, tag = tag, input = cost.input, output = cost.output}
end

-- Return the cost of all jobs before this one. In its own lane, tokens are its rank times the lane's mean.
local function before(quota, lane, job)
  local rank = redis.call('ZRANK', waiting(lane), job)
  local mean = rank / size(lane)
  local cost = {requests = rank, input = sum(quota, lane, 'input') * mean, output = sum(quota, lane, 'output') * mean}
  for above = 1, lane - 1 do
    cost.requests = cost.requests + size(above)
    cost.input = cost.input + sum(quota, above, 'input')
    cost.output = cost.output + sum(quota, above, 'output')
  end
  return cost
end

-- Count the ready jobs before this one: those that sleep in a worker and ask again in a moment.
local function ready_before(lane, tag, job)
  redis.call('ZADD', ready(lane), exact(tag), job)
  local count = redis.call('ZRANK', ready(lane), job)
  for above = 1, lane - 1 do
    count = count + redis.call('ZCARD', ready(above))
  end
  return count
end

local function promise(lane, job, wait_s)
  redis.call('ZADD', PREFIX .. 'forget', exact(NOW + wait_s + CFG.forget_s), job)
  redis.call('ZREM', PREFIX .. 'woken', job)
  keep(PREFIX .. 'forget')
  if wait_s <= CFG.sleep_s then
    redis.call('ZADD', PREFIX .. 'ready_until', exact(NOW + wait_s + 1), job)
    keep(PREFIX .. 'ready_until')
    keep(ready(lane))
  else
    redis.call('ZREM', ready(lane), job)
    redis.call('ZREM', PREFIX .. 'ready_until', job)
  end
end

local function serve(quota, job)
  local known = leave(quota, job)
  local name, tags = 'virtual.' .. known.lane, PREFIX .. 'tags:' .. known.lane
  local now = known.tag
  if size(known.lane) == 0 then
    -- An empty lane starts anew.
    now = tonumber(redis.call('ZRANGE', tags, -1, -1, 'WITHSCORES')[2] or 0)
  end
  quota[name] = math.max(quota[name] or 0, now)
  -- Only universes ahead of the lane's virtual time need their tags.
  redis.call('ZREMRANGEBYSCORE', tags, '-inf', exact(quota[name]))
end
