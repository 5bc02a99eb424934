-- SPDX-License-Identifier: GPL-3.0-or-later
-- Takes back a drain that was ordered from a console. A worker that drains by itself is left alone: it would take new sessions and
-- end all the same.
-- A note alone does not prove that its drain is the one the worker is in: a worker that registers again writes its status and leaves the
-- note, and may be told to shut down later. So the console has to have seen this drain begin, or the note is so young that both cannot
-- have happened since, or the operator was told and means it.
-- KEYS: worker:W, worker:cmd:W. ARGV: drainedAt of the drain the console saw begin and not end, '' if it saw none; 'unproven-too' if
-- the operator means it all the same.
-- Answers {'done', 'available'}, or {'gone'}, {'not-a-hash', type}, {'not-drained', status}, {'commanded', word, PTTL},
-- {'leaving', 'written' or 'announced'}, {'unproven', status}, {'error', command, words}.
local youngMs = 4000

local refusal = notAWorker(KEYS[1])
if refusal then
  return refusal
end

local fields, problem = ask('HMGET', KEYS[1], 'status', 'drainedBy', 'drainedAt', 'drainSince', 'shutdownGiven')
if problem then
  return problem
end
-- Available with a note on it: its drain is undone already, and only the note is taken away.
local undone = fields[1] == 'available'
if not fields[2] or (fields[1] ~= 'draining' and not undone) then
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

local given = givenBy(fields[5])
if given and not undone then
  return {'leaving', given}
end

local function isProven()
  if ARGV[1] ~= '' and ARGV[1] == fields[3] then
    return true
  end
  local now = redisTime()
  local since = tonumber(fields[4] or '')
  return now and since and now >= since and now - since <= youngMs
end
if not undone and ARGV[2] ~= 'unproven-too' and not isProven() then
  return {'unproven', short(fields[1])}
end

local _, refused = ask('HSET', KEYS[1], 'status', 'available')
if refused then
  return refused
end
_, refused = ask('HDEL', KEYS[1], 'drainedBy', 'drainedAt', 'drainReason', 'drainSince', given and '' or 'shutdownGiven')
if refused then
  -- All or nothing: available with a drain's note on it would mislead everybody.
  ask('HSET', KEYS[1], 'status', fields[1])
  return refused
end
return {'done', 'available'}
