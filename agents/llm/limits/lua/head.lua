-- Arguments of every script: the prefix of its keys, the settings and the request.
local PREFIX = KEYS[1]
local CFG = cjson.decode(ARGV[1])
local ARGS = cjson.decode(ARGV[2])
local NOW = clock()

local function exact(number)
  return string.format('%.17g', number)
end

-- Keys expire after a day: the next answer tells a learned limit again.
local function keep(key)
  redis.call('EXPIRE', key, 86400)
end

-- Read a hash as a table of numbers; fields whose names end in "message" or "id" are text.
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
