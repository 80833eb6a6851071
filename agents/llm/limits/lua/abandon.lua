-- The leader's call brought nothing: the next who asks leads. Says the same as LocalPrefixes.abandon.
local prefix = read_hash(PREFIX)
if prefix.leader_id == ASK.caller then
  write_hash(PREFIX, {leader_id = '', leader_until = 0})
end
return 1
