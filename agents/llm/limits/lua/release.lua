-- A call that never reached the other side: all is given back. Says the same as LocalLimits.release.
local line, breakers = load_line(), load_breakers()
local grant = read_grant(ASK.grant)
if not grant then
  return 0
end
end_grant(ASK.grant)
reconcile(line, grant, {requests = 0, input = 0, output = 0})
save_line(line)
if end_probe(breakers, ASK.grant) then
  save_breakers(breakers)
end
return 1
