-- Prolong the lease of a writer whose answer has not begun.
local prefix = read_hash(PREFIX)
if prefix.writer_id ~= ARGS.caller or (prefix.writer_until or 0) == 0 then
  return 0
end
write_hash(PREFIX, {writer_until = NOW + ARGS.lease_s})
return 1
