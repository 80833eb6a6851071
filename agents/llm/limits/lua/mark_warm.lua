-- Record that an answer which uses the prefix has begun.
local prefix = read_hash(PREFIX)
local changes = {warm_until = NOW + CFG.warm_s}
if prefix.writer_id == ARGS.caller and (prefix.writer_until or 0) > 0 then
  local known_s = prefix.first_byte_s or CFG.first_byte_s
  changes.first_byte_s = known_s * 0.7 + (NOW - prefix.claimed_at) * 0.3
  changes.writer_id = ''
  changes.writer_until = 0
end
write_hash(PREFIX, changes)
return 1
