-- What may be known of records that are JSON texts in which the arguments of jobs stand too: only some of their members leave Redis,
-- and none that is a list or an object. A number is passed on as a text of all its digits; one that JSON does not have, as 1e999 and
-- NaN, is left out. Reads only.
-- KEYS: the texts. ARGV: the longest text and the longest value in bytes that are looked at, and the names of the members.
-- Answers for each text a JSON object of its members, or nil where there is no text, and 1 if it is too long, so that none was taken.
local all = {}
for i, key in ipairs(KEYS) do
  -- MGET is what least rights include; it says nil for a key of another type.
  local texts = redis.pcall('MGET', key)
  if texts.err then
    return texts
  end
  local text = texts[1]
  local long = text and #text > tonumber(ARGV[1])
  local taken = {}
  local ok, record = pcall(cjson.decode, text and not long and text or '{}')
  if ok and type(record) == 'table' then
    for place = 3, #ARGV do
      local value = record[ARGV[place]]
      local kind = type(value)
      if kind == 'boolean' or (kind == 'string' and #value <= tonumber(ARGV[2])) then
        taken[ARGV[place]] = value
      elseif kind == 'number' and value == value and math.abs(value) < 1e300 then
        taken[ARGV[place]] = string.format('%.17g', value)
      end
    end
  end
  all[2 * i - 1] = text and cjson.encode(taken)
  all[2 * i] = long and 1 or 0
end
return all
