-- SPDX-License-Identifier: GPL-3.0-or-later
-- Withdraws a shutdown command that the worker has not read yet: compare and delete.
-- KEYS: worker:W, worker:cmd:W. ARGV: the most that may be left of the command's TTL in ms, '' if nobody knows: a key that lasts
-- longer is another command.
-- Answers {'done', status}, or {'too-late', status}, {'other-command', word}, {'error', command, words}; status is '' when the
-- worker's key is gone or cannot be read.
local left, problem = ask('PTTL', KEYS[2])
if problem then
  return problem
end

-- Only what is said about the worker depends on this; a key of another type does no harm.
local fields = ask('HMGET', KEYS[1], 'status', 'drainedBy')
local status = short(fields and fields[1])
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

-- An announced command is not deleted by the worker that read it. Its status tells, unless an operator's drain explains that.
local drains = status == 'draining' and not (fields and fields[2])
if drains or status == 'shutting-down' then
  return {'too-late', status}
end

local _, refused = ask('DEL', KEYS[2])
if refused then
  return refused
end
return {'done', status}
