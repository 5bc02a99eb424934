-- SPDX-License-Identifier: GPL-3.0-or-later
-- Stands before each of the console's scripts (command-*.lua). A script answers with a list whose first element is a word:
-- 'written' or 'done' if it acted, another one if it did not, and then why. Nothing is raised: an error half-way would hide which
-- call was refused. Redis stops the clock of expiry while a script runs, so a key that was there at the first look
-- is there at the last line: that is what keeps a write from ever making a key without TTL.

-- Calls Redis. If it refuses, the second value is the script's answer: {'error', the command, Redis' words}.
local function ask(...)
  local answer = redis.pcall(...)
  if type(answer) == 'table' and answer.err then
    return nil, {'error', (select(1, ...)), answer.err}
  end
  return answer
end

-- The script's answer when the worker's key is not a hash that can be acted on; nil when it is one.
-- TYPE and not EXISTS: a key of another type must not be met with WRONGTYPE, and reading rights include it.
local function notAWorker(key)
  local kind, problem = ask('TYPE', key)
  if problem then
    return problem
  end
  if kind.ok == 'none' then
    return {'gone'}
  end
  if kind.ok ~= 'hash' then
    return {'not-a-hash', kind.ok}
  end
end

-- Redis' clock in ms, or nil where TIME is refused.
local function redisTime()
  local t = ask('TIME')
  return t and t[1] * 1000 + math.floor(t[2] / 1000)
end

-- The mark a shutdown leaves in the worker's hash where its status cannot tell that it was read: 'written' or 'announced', and when the
-- command key ends by Redis' clock (0 if that is not known).
local function mark(word, ends)
  return string.format('%s %.0f', word, ends or 0)
end

-- What a field shutdownGiven says: the word and the end; nil if there is none.
local function givenBy(field)
  local word, ends = string.match(field or '', '^(%l+) (%d+)$')
  return word, tonumber(ends)
end

-- A field's value as a short text, '' when it is missing: whatever stands there, an answer stays small.
local function short(value)
  return value and string.sub(value, 1, 64) or ''
end
