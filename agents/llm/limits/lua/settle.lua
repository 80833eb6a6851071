-- How a call ended. Says the same as LocalLimits.settle.
local line, breakers = load_line(), load_breakers()
local grant = read_grant(ASK.grant)
if not grant then
  return 0
end
end_grant(ASK.grant)
reconcile(line, grant, ASK.used)
correct(line, ASK.said, grant)

local outcome = ASK.outcome
if outcome == 'answered' then
  succeed(line, grant)
elseif outcome == 'rate_limited' then
  if back_off(line, grant) and not (ASK.said.requests and ASK.said.requests.remaining) then
    line['requests.level'] = math.min(line['requests.level'], 0)
  end
  close(line, ASK.retry_after_s or CFG.pause_s)
elseif outcome == 'overloaded' then
  back_off(line, grant)
end

report(breakers, outcome, end_probe(breakers, ASK.grant), ASK.message)
save_line(line)
save_breakers(breakers)
return 1
