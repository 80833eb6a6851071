-- How a model's line stands. Says the same as LocalLimits.snapshot.
local line, breakers = load_line(), load_breakers()
forget_absent(line)
save_line(line)
local sizes = {}
for lane = 1, LANES do
  sizes[lane] = size(lane)
end
local texts = {}
for name, value in pairs(line) do
  texts[name] = exact(value)
end
local states = {}
for name, value in pairs(breakers) do
  states[name] = type(value) == 'number' and exact(value) or value
end
return cjson.encode({now = exact(NOW), line = texts, breakers = states, in_flight = in_flight(), waiting = sizes})
