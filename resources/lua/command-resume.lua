-- SPDX-License-Identifier: GPL-3.0-or-later
-- Takes back a drain that was ordered from a console. A worker that drains by itself is left alone: it would take new sessions and
-- end all the same.
-- KEYS: worker:W, worker:cmd:W.
-- Answers {'done', 'available'}, or {'gone'}, {'not-a-hash', type}, {'not-drained', status}, {'commanded', word, PTTL},
-- {'error', command, words}.
local refusal = notAWorker(KEYS[1])
if refusal then
  return refusal
end

local fields, problem = ask('HMGET', KEYS[1], 'status', 'drainedBy')
if problem then
  return problem
end
if fields[1] ~= 'draining' or not fields[2] then
  return {'not-drained', short(fields[1])}
end

local left, unread = ask('PTTL', KEYS[2])
if unread then
  return unread
end
if left ~= -2 then
  local there = ask('MGET', KEYS[2])
  return {'commanded', short(there and there[1]), left}
end

local _, refused = ask('HSET', KEYS[1], 'status', 'available')
if refused then
  return refused
end
_, refused = ask('HDEL', KEYS[1], 'drainedBy', 'drainedAt', 'drainReason')
if refused then
  -- All or nothing: available with a drain's note on it would mislead everybody.
  ask('HSET', KEYS[1], 'status', 'draining')
  return refused
end
return {'done', 'available'}
