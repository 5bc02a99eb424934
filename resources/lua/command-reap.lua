-- SPDX-License-Identifier: GPL-3.0-or-later
-- Removes the counters of a worker whose key is gone, by the reaper's own rule: only ids in the lifetime hash.
-- A key that is gone is no proof that its worker is: as long as somebody listens on its command channel it may register again, with its
-- sessions, and a drain that finds no counter ends at once.
-- KEYS: worker:W, lifetime counters, active counters, worker:cmd:W. ARGV: W.
-- Answers {'done'}, or {'key-back'}, {'listening'}, {'not-in-lifetime'}, {'error', command, words}.
local kind, problem = ask('TYPE', KEYS[1])
if problem then
  return problem
end
if kind.ok ~= 'none' then
  return {'key-back'}
end

-- Where that may not be asked the reaper's rule alone decides.
local listeners = ask('PUBSUB', 'NUMSUB', KEYS[4])
if listeners and listeners[2] ~= 0 then
  return {'listening'}
end

local counted, unread = ask('HMGET', KEYS[2], ARGV[1])
if unread then
  return unread
end
if not counted[1] then
  return {'not-in-lifetime'}
end

-- The active hash first: should it refuse, because it is of another type, nothing has changed.
local _, refused = ask('HDEL', KEYS[3], ARGV[1])
if refused then
  return refused
end
_, refused = ask('HDEL', KEYS[2], ARGV[1])
if refused then
  return refused
end
return {'done'}
