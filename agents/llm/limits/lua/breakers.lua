-- Circuit breakers of one model, by cause.
local CAUSES = {'overloaded', 'unreachable', 'stopped'}

local function load_breakers()
  local breakers = read_hash(PREFIX .. 'breakers')
  for _, cause in ipairs(CAUSES) do
    for _, name in ipairs({'until', 'since', 'pause', 'streak', 'start', 'good', 'bad'}) do
      breakers[cause .. '.' .. name] = breakers[cause .. '.' .. name] or 0
    end
  end
  breakers.probe_until = breakers.probe_until or 0
  return breakers
end

local function save_breakers(breakers)
  write_hash(PREFIX .. 'breakers', breakers)
end

-- Return the seconds to wait, and whether the next call is the probe.
local function pause_of(breakers, call_s)
  local open_until = 0
  for _, cause in ipairs(CAUSES) do
    open_until = math.max(open_until, breakers[cause .. '.until'])
  end
  if open_until == 0 then
    return 0, false
  end
  if NOW < open_until then
    return open_until - NOW, true
  end
  if NOW < breakers.probe_until then
    return math.min(breakers.probe_until - NOW, math.max(call_s, 0.1)), true
  end
  return 0, true
end

local function begin_probe(breakers, reservation, expires_at)
  breakers.probe_id = reservation
  breakers.probe_until = expires_at
end

-- Return whether this reservation was the probe.
local function end_probe(breakers, reservation)
  if breakers.probe_id ~= reservation or breakers.probe_until == 0 then
    return false
  end
  breakers.probe_id = ''
  breakers.probe_until = 0
  return true
end

local function open(breakers, cause, pause, message)
  breakers[cause .. '.pause'] = pause
  breakers[cause .. '.until'] = NOW + pause
  if message then
    breakers[cause .. '.message'] = message
  end
end

local function count(breakers, cause, what, rule)
  if NOW - breakers[cause .. '.start'] >= rule.window_s then
    breakers[cause .. '.start'], breakers[cause .. '.good'], breakers[cause .. '.bad'] = NOW, 0, 0
  end
  breakers[cause .. '.' .. what] = breakers[cause .. '.' .. what] + 1
end

local function report(breakers, status, is_probe, message)
  local is_good = status == 'answered' or status == 'rejected' or status == 'rate_limited'
  for _, cause in ipairs(CAUSES) do
    local rule = CFG.breakers[cause]
    local is_open = breakers[cause .. '.until'] > 0
    if is_open and is_probe and is_good then
      for _, name in ipairs({'until', 'pause', 'streak', 'start', 'good', 'bad'}) do
        breakers[cause .. '.' .. name] = 0
      end
      breakers[cause .. '.since'] = NOW
    elseif is_open and is_probe then
      local pause = math.min(breakers[cause .. '.pause'] * 2, rule.max_pause_s)
      open(breakers, cause, pause, status == cause and message or nil)
    elseif not is_open and is_good then
      breakers[cause .. '.streak'] = 0
      count(breakers, cause, 'good', rule)
    elseif not is_open and status == cause then
      breakers[cause .. '.streak'] = breakers[cause .. '.streak'] + 1
      count(breakers, cause, 'bad', rule)
      local bad, all = breakers[cause .. '.bad'], breakers[cause .. '.bad'] + breakers[cause .. '.good']
      if breakers[cause .. '.streak'] >= rule.streak or (all >= rule.min_calls and bad / all >= rule.ratio) then
        open(breakers, cause, rule.pause_s, message)
        breakers[cause .. '.since'] = NOW
      end
    end
  end
end
