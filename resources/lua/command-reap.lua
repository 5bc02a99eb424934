-- SPDX-License-Identifier: GPL-3.0-or-later
-- Removes the counters of a worker whose key is gone, by the reaper's own rule: only ids in the lifetime hash.
-- KEYS: worker:W, lifetime counters, active counters. ARGV: W.
-- Answers {'done'}, or {'key-back'}, {'not-in-lifetime'}, {'error', command, words}.
local kind, problem = ask('TYPE', KEYS[1])
if problem then
  return problem
end
if kind.ok ~= 'none' then
  return {'key-back'}
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
