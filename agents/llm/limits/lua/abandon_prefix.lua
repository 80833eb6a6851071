-- Give up the writer's role after a call that brought no answer.
local prefix = read_hash(PREFIX)
if prefix.writer_id == ARGS.caller then
  write_hash(PREFIX, {writer_id = '', writer_until = 0})
end
return 1
