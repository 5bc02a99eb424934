-- SPDX-License-Identifier: GPL-3.0-or-later
-- One page of a run of the reaper: removes the counters of ids in the lifetime hash whose key is absent.
-- In pages, so that a fleet of 100,000 does not hold up everybody else.
-- KEYS: lifetime counters, active counters. ARGV: cursor, page size.
-- Answers {next cursor, number removed}; the run is over when the cursor is 0.
local page = redis.call('HSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
local removed = 0

for i = 1, #page[2], 2 do
  local id = page[2][i]
  if redis.call('EXISTS', 'worker:' .. id) == 0 then
    redis.call('HDEL', KEYS[1], id)
    redis.call('HDEL', KEYS[2], id)
    removed = removed + 1
  end
end
return {page[1], removed}
