-- Since when the next job of each of some lists waits. Jobs are JSON texts with arguments that nobody else is to read: only what
-- looks like a time leaves Redis, an empty text stands for nothing. Reads only.
-- KEYS: lists. ARGV: the index of the next job, the name of the member, the longest job in bytes that is looked at.
local times = {}
for i, key in ipairs(KEYS) do
  local time = ''
  local text = redis.pcall('LINDEX', key, ARGV[1])
  if type(text) == 'string' and #text <= tonumber(ARGV[3]) then
    local ok, job = pcall(cjson.decode, text)
    local value = ok and type(job) == 'table' and job[ARGV[2]]
    if type(value) == 'number' then
      time = string.format('%.17g', value)
    elseif type(value) == 'string' and #value <= 40 and string.find(value, '^[-0-9TZ:.+ ]+$') then
      time = value
    end
  end
  if type(text) == 'table' and text.err and not string.find(text.err, 'WRONGTYPE') then
    return text
  end
  times[i] = time
end
return times
