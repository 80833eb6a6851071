-- What every script is given: where its keys begin, the settings, and what is asked.
local PREFIX = KEYS[1]
local CFG = cjson.decode(ARGV[1])
local ASK = cjson.decode(ARGV[2])
local NOW = clock()

local function exact(number)
  return string.format('%.17g', number)
end

-- Nothing here is worth more than a day: a limit that was learned is learned again by the next answer.
local function keep(key)
  redis.call('EXPIRE', key, 86400)
end

-- A hash as a table; what looks like a number is one, but for names that end in "message" and "id".
local function read_hash(key)
  local raw = redis.call('HGETALL', key)
  local values = {}
  for i = 1, #raw, 2 do
    local name = raw[i]
    local is_text = string.match(name, 'message$') or string.match(name, 'id$')
    values[name] = is_text and raw[i + 1] or tonumber(raw[i + 1])
  end
  return values
end

local function write_hash(key, values)
  local raw = {}
  for name, value in pairs(values) do
    raw[#raw + 1] = name
    raw[#raw + 1] = type(value) == 'number' and exact(value) or value
  end
  if #raw > 0 then
    redis.call('HSET', key, unpack(raw))
    keep(key)
  end
end

local function numbers(text)
  local found = {}
  for word in string.gmatch(text, '%S+') do
    found[#found + 1] = tonumber(word)
  end
  return found
end
