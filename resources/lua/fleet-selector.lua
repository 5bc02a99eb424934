-- SPDX-License-Identifier: GPL-3.0-or-later
-- Reserves a session on the least busy worker of a sample.
-- KEYS: active counters, lifetime counters.
-- ARGV: slots per worker, lifetime limit (0 for none), then the ids of the sample.
-- Answers {id, active, lifetime} with the counters as they are now, or nil when nobody can take a session.
local slots, limit = tonumber(ARGV[1]), tonumber(ARGV[2])
local chosen, fewest

for i = 3, #ARGV do
  local id = ARGV[i]
  local key = 'worker:' .. id
  -- A key may be of any type and a counter may hold any text: neither may end the script.
  if redis.call('PTTL', key) > 0 and redis.pcall('HGET', key, 'status') == 'available' then
    local active = tonumber(redis.call('HGET', KEYS[1], id) or '')
    local lifetime = tonumber(redis.call('HGET', KEYS[2], id) or '')
    local open = active and lifetime and active < slots and (limit == 0 or lifetime < limit)
    if open and (not fewest or active < fewest) then
      chosen, fewest = id, active
    end
  end
end

if not chosen then
  return false
end
return {chosen, redis.call('HINCRBY', KEYS[1], chosen, 1), redis.call('HINCRBY', KEYS[2], chosen, 1)}
