-- Seconds since 1970 by the server's clock: the clocks of those who ask play no part.
local function clock()
  local time = redis.call('TIME')
  return tonumber(time[1]) + tonumber(time[2]) / 1000000
end
