-- SPDX-License-Identifier: GPL-3.0-or-later
-- Removes a worker key that never expires, if nothing has moved since the operator saw it.
-- A process that listens on its command channel lives: it gives the key a TTL at its next heartbeat, or hangs and still has sessions.
-- KEYS: worker:W, worker:cmd:W. ARGV: lastHeartbeat as it was shown, '' if it was missing or no time.
-- Answers {'done'}, or {'gone'}, {'not-a-hash', type}, {'has-ttl', PTTL}, {'heartbeat-moved'}, {'listening'}, {'error', command, words}.
local refusal = notAWorker(KEYS[1])
if refusal then
  return refusal
end

local left, problem = ask('PTTL', KEYS[1])
if problem then
  return problem
end
if left ~= -1 then
  return {'has-ttl', left}
end

local fields, unread = ask('HMGET', KEYS[1], 'lastHeartbeat')
if unread then
  return unread
end
-- Read as the console reads it: what is no Unix time in ms of 13 digits was shown as none.
local shown = fields[1] and #fields[1] <= 18 and string.match(fields[1], '^0*([1-9]%d*)$') or ''
if #shown ~= 13 then
  shown = ''
end
if shown ~= ARGV[1] then
  return {'heartbeat-moved'}
end

local listeners = ask('PUBSUB', 'NUMSUB', KEYS[2])
if listeners and listeners[2] ~= 0 then
  return {'listening'}
end

local _, refused = ask('DEL', KEYS[1])
if refused then
  return refused
end
return {'done'}
