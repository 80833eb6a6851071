-- Who waits for this model, by lane, and inside a lane fair between universes. Says the same as queue.py.
local LANES = 3

local function waiting(lane)
  return PREFIX .. 'wait:' .. lane
end

local function here(lane)
  return PREFIX .. 'here:' .. lane
end

local function sum(line, lane, dim)
  return line['sum.' .. lane .. '.' .. dim] or 0
end

local function add(line, lane, dim, amount)
  line['sum.' .. lane .. '.' .. dim] = sum(line, lane, dim) + amount
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

local function leave(line, job)
  local known = read_job(job)
  if not known then
    return nil
  end
  redis.call('HDEL', PREFIX .. 'jobs', job)
  redis.call('ZREM', waiting(known.lane), job)
  redis.call('ZREM', here(known.lane), job)
  redis.call('ZREM', PREFIX .. 'here_until', job)
  redis.call('ZREM', PREFIX .. 'forget', job)
  redis.call('ZREM', PREFIX .. 'rung', job)
  add(line, known.lane, 'input', -known.input)
  add(line, known.lane, 'output', -known.output)
  if size(known.lane) == 0 then
    add(line, known.lane, 'input', -sum(line, known.lane, 'input'))
    add(line, known.lane, 'output', -sum(line, known.lane, 'output'))
  end
  return known
end

-- A bound on how many are forgotten in one go keeps each script short.
local function forget_absent(line)
  for _, job in ipairs(redis.call('ZRANGEBYSCORE', PREFIX .. 'forget', '-inf', exact(NOW), 'LIMIT', 0, 100)) do
    leave(line, job)
  end
  for _, job in ipairs(redis.call('ZRANGEBYSCORE', PREFIX .. 'here_until', '-inf', exact(NOW))) do
    redis.call('ZREM', PREFIX .. 'here_until', job)
    for lane = 1, LANES do
      redis.call('ZREM', here(lane), job)
    end
  end
end

local function enter(line, job, lane, universe, cost)
  local known = read_job(job)
  if known and known.lane ~= lane then
    leave(line, job)
    known = nil
  end
  if known then
    return known
  end
  local tags = PREFIX .. 'tags:' .. lane
  local minutes = 0
  for _, dim in ipairs(DIMS) do
    minutes = math.max(minutes, cost[dim] / line[dim .. '.limit'])
  end
  local tag = math.max(line['virtual.' .. lane] or 0, tonumber(redis.call('ZSCORE', tags, universe) or 0))
  redis.call('ZADD', tags, exact(tag + minutes), universe)
  redis.call('ZADD', waiting(lane), exact(tag), job)
  redis.call('HSET', PREFIX .. 'jobs', job,
    table.concat({exact(lane), exact(tag), exact(cost.input), exact(cost.output)}, ' '))
  add(line, lane, 'input', cost.input)
  add(line, lane, 'output', cost.output)
  keep(tags)
  keep(waiting(lane))
  keep(PREFIX .. 'jobs')
  return {lane = lane, tag = tag, input = cost.input, output = cost.output}
end

-- What those before this job will take. Tokens before it in its own lane are its rank times the lane's mean.
local function before(line, lane, job)
  local rank = redis.call('ZRANK', waiting(lane), job)
  local mean = rank / size(lane)
  local cost = {requests = rank, input = sum(line, lane, 'input') * mean, output = sum(line, lane, 'output') * mean}
  for above = 1, lane - 1 do
    cost.requests = cost.requests + size(above)
    cost.input = cost.input + sum(line, above, 'input')
    cost.output = cost.output + sum(line, above, 'output')
  end
  return cost
end

-- How many before this job stand at the door: they sleep in a worker and ask again in a moment.
local function before_at_the_door(lane, tag, job)
  redis.call('ZADD', here(lane), exact(tag), job)
  local count = redis.call('ZRANK', here(lane), job)
  for above = 1, lane - 1 do
    count = count + redis.call('ZCARD', here(above))
  end
  return count
end

local function promise(lane, job, wait_s)
  redis.call('ZADD', PREFIX .. 'forget', exact(NOW + wait_s + CFG.forget_s), job)
  redis.call('ZREM', PREFIX .. 'rung', job)
  keep(PREFIX .. 'forget')
  if wait_s <= CFG.sleep_s then
    redis.call('ZADD', PREFIX .. 'here_until', exact(NOW + wait_s + 1), job)
    keep(PREFIX .. 'here_until')
    keep(here(lane))
  else
    redis.call('ZREM', here(lane), job)
    redis.call('ZREM', PREFIX .. 'here_until', job)
  end
end

local function serve(line, job)
  local known = leave(line, job)
  local name, tags = 'virtual.' .. known.lane, PREFIX .. 'tags:' .. known.lane
  local now = known.tag
  if size(known.lane) == 0 then
    -- When nobody is left, all begin anew.
    now = tonumber(redis.call('ZRANGE', tags, -1, -1, 'WITHSCORES')[2] or 0)
  end
  line[name] = math.max(line[name] or 0, now)
  -- A universe that is not ahead of the lane's time has nothing to be remembered for.
  redis.call('ZREMRANGEBYSCORE', tags, '-inf', exact(line[name]))
end
