-- Give everything back for a call that never reached the provider.
local quota, breakers = load_quota(), load_breakers()
local reservation = read_reservation(ARGS.reservation)
if not reservation then
  return 0
end
end_reservation(ARGS.reservation)
reconcile(quota, reservation, {requests = 0, input = 0, output = 0})
save_quota(quota)
if end_probe(breakers, ARGS.reservation) then
  save_breakers(breakers)
end
return 1
