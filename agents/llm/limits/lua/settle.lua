-- Settle a reservation by the result of its call.
local quota, breakers = load_quota(), load_breakers()
local reservation = read_reservation(ARGS.reservation)
if not reservation then
  return 0
end
end_reservation(ARGS.reservation)
reconcile(quota, reservation, ARGS.used)
correct(quota, ARGS.headers, reservation)

local status = ARGS.status
if status == 'answered' then
  succeed(quota, reservation)
elseif status == 'rate_limited' then
  if back_off(quota, reservation) and not (ARGS.headers.requests and ARGS.headers.requests.remaining) then
    quota['requests.level'] = math.min(quota['requests.level'], 0)
  end
  close(quota, ARGS.retry_after_s or CFG.pause_s)
elseif status == 'overloaded' then
  back_off(quota, reservation)
end

report(breakers, status, end_probe(breakers, ARGS.reservation), ARGS.message)
save_quota(quota)
save_breakers(breakers)
return 1
