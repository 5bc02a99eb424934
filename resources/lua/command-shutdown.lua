-- SPDX-License-Identifier: GPL-3.0-or-later
-- Tells a worker to shut down.
-- KEYS: worker:W, worker:cmd:W. ARGV: TTL of the command key in seconds, 'publish' to announce it at once.
-- Answers {'written', receivers, problem}; receivers is -1 and problem holds Redis' words when the announcement was refused, or
-- {'gone'}, {'not-a-hash', type}, {'commanded', word, PTTL}, {'error', command, words}.
local refusal = notAWorker(KEYS[1])
if refusal then
  return refusal
end

local set, problem = ask('SET', KEYS[2], 'shutdown', 'EX', ARGV[1], 'NX')
if problem then
  return problem
end
if not set then
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
  return {'written', receivers, ''}
end
return {'written', -1, ''}
