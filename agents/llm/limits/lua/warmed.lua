-- An answer has begun that used the prefix. Says the same as LocalPrefixes.warmed.
local prefix = read_hash(PREFIX)
local changes = {warm_until = NOW + CFG.warm_s}
if prefix.leader_id == ASK.caller and (prefix.leader_until or 0) > 0 then
  local known_s = prefix.first_byte_s or CFG.first_byte_s
  changes.first_byte_s = known_s * 0.7 + (NOW - prefix.led_at) * 0.3
  changes.leader_id = ''
  changes.leader_until = 0
end
write_hash(PREFIX, changes)
return 1
