-- Remove a queued job that will not ask again.
local quota = load_quota()
leave(quota, ARGS.job)
save_quota(quota)
return 1
