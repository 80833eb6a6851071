-- Headers of an answer that was asked for without a grant. Says the same as LocalLimits.correct.
local line = load_line()
correct(line, ASK.said, nil)
save_line(line)
remember_model()
return 1
