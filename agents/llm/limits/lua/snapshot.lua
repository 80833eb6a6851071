-- Return the state of a model's quota, queue and breakers.
local quota, breakers = load_quota(), load_breakers()
drop_absent(quota)
save_quota(quota)
local sizes = {}
for lane = 1, LANES do
  sizes[lane] = size(lane)
end
local texts = {}
for name, value in pairs(quota) do
  texts[name] = exact(value)
end
local states = {}
for name, value in pairs(breakers) do
  states[name] = type(value) == 'number' and exact(value) or value
end
return cjson.encode({now = exact(NOW), quota = texts, breakers = states, in_flight = in_flight(), waiting = sizes})
