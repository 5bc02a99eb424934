-- SPDX-License-Identifier: GPL-3.0-or-later
-- Tells a worker to shut down.
-- A worker that an operator drained says draining already, so that nothing would show that it has read this and leaves: the command is
-- marked beside the note, in the same script, and whoever resumes, drains or cancels looks at that. So is one that somebody heard: a
-- process that hangs keeps the announcement in its socket for longer than the command key lasts.
-- KEYS: worker:W, worker:cmd:W. ARGV: TTL of the command key in seconds, 'publish' to announce it at once.
-- Answers {'written', receivers, problem}; receivers is -1 and problem holds Redis' words when the announcement was refused, or
-- {'gone'}, {'not-a-hash', type}, {'commanded', word, PTTL}, {'error', command, words}.
local refusal = notAWorker(KEYS[1])
if refusal then
  return refusal
end

local fields, unread = ask('HMGET', KEYS[1], 'drainedBy', 'shutdownGiven')
if unread then
  return unread
end
local now = redisTime()
local ends = now and now + tonumber(ARGV[1]) * 1000
local noted = fields[1]
if noted then
  local _, unmarked = ask('HSET', KEYS[1], 'shutdownGiven', mark('written', ends))
  if unmarked then
    return unmarked
  end
end

local set, problem = ask('SET', KEYS[2], 'shutdown', 'EX', ARGV[1], 'NX')
if not set then
  if noted then
    ask('HSET', KEYS[1], 'shutdownGiven', fields[2] or '')
  end
  if problem then
    return problem
  end
  -- Somebody was faster: the proxy, or another operator. What stands there is told as far as it may be read.
  local there = ask('MGET', KEYS[2])
  return {'commanded', short(there and there[1]), ask('PTTL', KEYS[2]) or -2}
end

-- In the same script, so that nothing comes between. From here on the command is given, whether it can be announced or not.
if ARGV[2] == 'publish' then
  local receivers, refused = ask('PUBLISH', KEYS[2], 'shutdown')
  if refused then
    return {'written', -1, refused[3]}
  end
  if receivers > 0 then
    ask('HSET', KEYS[1], 'shutdownGiven', mark('announced', ends))
  end
  return {'written', receivers, ''}
end
return {'written', -1, ''}
