-- Seconds since 1970 by the server's clock, so that the clocks of the workers do not matter.
local function clock()
  local time = redis.call('TIME')
  return tonumber(time[1]) + tonumber(time[2]) / 1000000
end
