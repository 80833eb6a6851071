-- Return the caller's role for a prefix, or how long to wait for its writer.
local prefix = read_hash(PREFIX)
if (prefix.warm_until or 0) > NOW then
  return cjson.encode({role = 'reader'})
end
if (prefix.writer_until or 0) > NOW and prefix.writer_id ~= ARGS.caller then
  -- Back off while polling for an overdue writer.
  local wait_s = math.abs(prefix.claimed_at + (prefix.first_byte_s or CFG.first_byte_s) - NOW)
  wait_s = math.min(math.max(wait_s, CFG.min_wait_s), CFG.sleep_s, prefix.writer_until - NOW)
  return cjson.encode({wait_s = exact(wait_s)})
end
write_hash(PREFIX, {writer_id = ARGS.caller, claimed_at = NOW, writer_until = NOW + ARGS.lease_s})
return cjson.encode({role = 'writer'})
