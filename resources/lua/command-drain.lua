-- SPDX-License-Identifier: GPL-3.0-or-later
-- Takes an available worker out of selection. Who, when and why stay with it, so that any console can tell and take it back.
-- KEYS: worker:W, worker:cmd:W. ARGV: who, when (Unix ms by the console's clock), why.
-- Answers {'done', 'draining'}, or {'gone'}, {'not-a-hash', type}, {'not-available', status}, {'commanded', word, PTTL},
-- {'error', command, words}.
local refusal = notAWorker(KEYS[1])
if refusal then
  return refusal
end

local fields, problem = ask('HMGET', KEYS[1], 'status', 'shutdownGiven')
if problem then
  return problem
end
if fields[1] ~= 'available' then
  return {'not-available', short(fields[1])}
end

-- Who is told to go goes; with a drain's note on it the status would no longer tell that it has read that.
local left, unread = ask('PTTL', KEYS[2])
if unread then
  return unread
end
if left ~= -2 then
  local there, untold = ask('MGET', KEYS[2])
  if untold then
    return untold
  end
  if there[1] == 'shutdown' then
    return {'commanded', 'shutdown', left}
  end
end

local now = redisTime()
local words = {'status', 'draining', 'drainedBy', ARGV[1], 'drainedAt', ARGV[2], 'drainReason', ARGV[3], 'drainSince',
  now and string.format('%.0f', now) or ''}
-- A command that is neither there nor was heard is over. One that was heard may still be waiting in the socket of a worker that hangs.
if fields[2] and givenBy(fields[2]) ~= 'announced' then
  words[#words + 1] = 'shutdownGiven'
  words[#words + 1] = ''
end
local _, refused = ask('HSET', KEYS[1], unpack(words))
if refused then
  return refused
end
return {'done', 'draining'}
