-- SPDX-License-Identifier: GPL-3.0-or-later
-- Withdraws a shutdown command that the worker has not read yet: compare and delete. What was heard cannot be withdrawn.
-- KEYS: worker:W, worker:cmd:W. ARGV: the most that may be left of the command's TTL in ms, '' if nobody knows: a key that lasts
-- longer is another command.
-- Answers {'done', status}, or {'too-late', status, 'announced' or 'perhaps' or nothing}, {'other-command', word},
-- {'error', command, words}; status is '' when the worker's key is gone or cannot be read. 'perhaps': somebody else gave it, the worker
-- listens, and its status says nothing.
local left, problem = ask('PTTL', KEYS[2])
if problem then
  return problem
end

-- Only what is known of the worker depends on this; a key of another type does no harm.
local fields = ask('HMGET', KEYS[1], 'status', 'drainedBy', 'shutdownGiven') or {}
local status = short(fields[1])
if left == -2 then
  return {'too-late', status}
end

local word, unread = ask('MGET', KEYS[2])
if unread then
  return unread
end
if word[1] ~= 'shutdown' then
  return {'other-command', short(word[1])}
end
if ARGV[1] ~= '' and (left == -1 or left > tonumber(ARGV[1])) then
  return {'other-command', 'shutdown'}
end

-- A mark belongs to this command if both end together.
local given, ends = givenBy(fields[3])
local now = redisTime()
local sameEnd = now and ends and math.abs(now + left - ends) < 500
if given == 'announced' and (sameEnd or not now or ends == 0) then
  return {'too-late', status, 'announced'}
end
-- An announced command is not deleted by the worker that read it. Its status tells, unless an operator's drain explains that.
if status == 'shutting-down' or (status == 'draining' and not fields[2]) then
  return {'too-late', status}
end
if status == 'draining' and not (given == 'written' and sameEnd) then
  -- Somebody else's under an operator's drain: only where nobody listens it cannot have been heard.
  local listeners = ask('PUBSUB', 'NUMSUB', KEYS[2])
  if not listeners or listeners[2] ~= 0 then
    return {'too-late', status, 'perhaps'}
  end
end

-- The mark goes with the command; it goes first, so that a refusal leaves both.
if given then
  local _, unmarked = ask('HSET', KEYS[1], 'shutdownGiven', '')
  if unmarked then
    return unmarked
  end
end
local _, refused = ask('DEL', KEYS[2])
if refused then
  if given then
    ask('HSET', KEYS[1], 'shutdownGiven', fields[3])
  end
  return refused
end
return {'done', status}
