-- SPDX-License-Identifier: GPL-3.0-or-later
-- Finds out whether a command may be run, without changing anything.
-- KEYS: a key, or field of a hash, that is not there. ARGV: the command with its arguments, so that running it changes nothing:
-- DEL of no key, HDEL of no field, SET … XX of no key, HSET with a value missing.
-- Answers {'allowed'}, or {'error', command, words}: Redis' words are the right that is missing, or that this is a replica.
if redis.acl_check_cmd then
  -- Redis 7 can be asked. This leaves no trace in the server's log of refusals.
  local known, allowed = pcall(redis.acl_check_cmd, unpack(ARGV))
  if not known then
    return {'error', ARGV[1], 'unknown command'}
  end
  if not allowed then
    return {'error', ARGV[1], 'NOPERM'}
  end
  -- The only one that is not without effect, if somebody listens to all channels.
  if ARGV[1] == 'PUBLISH' then
    return {'allowed'}
  end
end

-- Older servers have to be tried, and only a write is told that this is a replica.
local _, refused = ask(unpack(ARGV))
return refused or {'allowed'}
