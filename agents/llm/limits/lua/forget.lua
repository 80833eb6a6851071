-- A job that will not ask again. Says the same as LocalLimits.forget.
local line = load_line()
leave(line, ASK.job)
save_line(line)
return 1
