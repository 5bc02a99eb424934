-- SPDX-License-Identifier: GPL-3.0-or-later
-- Finds out whether a command may be run, without changing anything.
-- KEYS: a key, or field of a hash, that is not there. ARGV: the command with its arguments, so that running it changes nothing:
-- DEL of no key, HDEL of no field, SET … XX of no key, HSET with a value missing.
-- A first argument 'ASK' before them: it is asked about and never run.
-- Answers {'allowed'}, {'untried'}, or {'error', command, words}: Redis' words are the right that is missing, or that this is a
-- replica.
local ask_only = ARGV[1] == 'ASK'
local words = {unpack(ARGV, ask_only and 2 or 1)}
if redis.acl_check_cmd then
  -- Redis 7 can be asked. This leaves no trace in the server's log of refusals.
  local known, allowed = pcall(redis.acl_check_cmd, unpack(words))
  if not known then
    return {'error', words[1], 'unknown command'}
  end
  if not allowed then
    return {'error', words[1], 'NOPERM'}
  end
  -- The only one that is not without effect, if somebody listens to all channels.
  if words[1] == 'PUBLISH' then
    return {'allowed'}
  end
end
if ask_only then
  return {'untried'}
end

-- Older servers have to be tried, and only a write is told that this is a replica.
local _, refused = ask(unpack(words))
return refused or {'allowed'}
