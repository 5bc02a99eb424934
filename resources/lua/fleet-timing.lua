-- SPDX-License-Identifier: GPL-3.0-or-later
-- Writes the shared timing record if there is none.
-- KEYS: the record, its history. ARGV: channel, then fields and values.
-- Answers 1 if it was written, 0 if there was one already.
if redis.call('EXISTS', KEYS[1]) == 1 then
  return 0
end
local fields, version = {}, ''
for i = 2, #ARGV, 2 do
  fields[#fields + 1] = ARGV[i]
  fields[#fields + 1] = ARGV[i + 1]
  if ARGV[i] == 'version' then
    version = ARGV[i + 1]
  end
end
redis.call('HSET', KEYS[1], unpack(fields))
redis.call('XADD', KEYS[2], 'MAXLEN', '~', 500, '*', unpack(fields))
redis.call('PUBLISH', ARGV[1], version)
return 1
