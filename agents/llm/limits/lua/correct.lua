-- Apply the headers of an answer that needed no reservation.
local quota = load_quota()
correct(quota, ARGS.headers, nil)
save_quota(quota)
remember_model()
return 1
