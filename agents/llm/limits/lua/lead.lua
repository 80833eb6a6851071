-- Who warms a cold prefix. Says the same as LocalPrefixes.lead.
local prefix = read_hash(PREFIX)
if (prefix.warm_until or 0) > NOW then
  return cjson.encode({role = 'warm'})
end
if (prefix.leader_until or 0) > NOW and prefix.leader_id ~= ASK.caller then
  -- Of a leader that is late nobody knows more than that: it is asked for less and less often.
  local wait_s = math.abs(prefix.led_at + (prefix.first_byte_s or CFG.first_byte_s) - NOW)
  wait_s = math.min(math.max(wait_s, CFG.shortest_wait_s), CFG.sleep_s, prefix.leader_until - NOW)
  return cjson.encode({role = 'follower', wait_s = exact(wait_s)})
end
write_hash(PREFIX, {leader_id = ASK.caller, led_at = NOW, leader_until = NOW + ASK.timeout_s})
return cjson.encode({role = 'leader'})
