-- SPDX-License-Identifier: GPL-3.0-or-later
-- Writes the shared timing record if it still has the version the edit began from: compare-and-set. Stands after command-prelude.lua.
-- KEYS: the record (a hash), its history (a stream).
-- ARGV: channel, version expected, version to write, updatedAt, updatedBy, reason; then each parameter's name and its milliseconds,
-- '' for one that is not used and is taken out of the record.
-- Answers: {'applied', receivers, problem of PUBLISH or ''}; {'conflict', name, value, …} with what is there; {'not-a-hash', type};
-- {'not-a-stream', type}; {'error', command, Redis' words}. But for 'applied' nothing is changed.
local record, history, channel = KEYS[1], KEYS[2], ARGV[1]

for key, wanted in pairs({[record] = 'hash', [history] = 'stream'}) do
  local kind, problem = ask('TYPE', key)
  if problem then
    return problem
  end
  if kind.ok ~= 'none' and kind.ok ~= wanted then
    return {'not-a-' .. wanted, kind.ok}
  end
end

local names = {'version', 'updatedAt', 'updatedBy', 'reason'}
for i = 7, #ARGV, 2 do
  names[#names + 1] = ARGV[i]
end
local there, problem = ask('HMGET', record, unpack(names))
if problem then
  return problem
end

-- As text, and never as a Lua number, which is exact to 15 digits only. What is no version counts as none, as the console reads it.
local version = string.match(there[1] or '', '^%s*%+?0*(%d*)%s*$') or ''
if version == '' or #version > 18 then
  version = '0'
end
if version ~= ARGV[2] then
  local answer = {'conflict'}
  for i, name in ipairs(names) do
    if there[i] then
      answer[#answer + 1] = name
      answer[#answer + 1] = string.sub(there[i], 1, 2048)
    end
  end
  return answer
end

local fields = {'version', ARGV[3], 'updatedAt', ARGV[4], 'updatedBy', ARGV[5], 'reason', ARGV[6]}
local unused = {}
for i = 7, #ARGV, 2 do
  if ARGV[i + 1] == '' then
    unused[#unused + 1] = ARGV[i]
  else
    fields[#fields + 1] = ARGV[i]
    fields[#fields + 1] = ARGV[i + 1]
  end
end

-- Both writes are tried with a value missing first: a right that is lacking, a replica or a full memory is met before anything is
-- written, so that record and history never disagree. Redis has no way back inside a script.
for _, trial in ipairs({{'HSET', record, 'version', ARGV[3], 'updatedAt'}, {'XADD', history, '*', 'version', ARGV[3], 'updatedAt'}}) do
  local answer = redis.pcall(unpack(trial))
  if not (type(answer) == 'table' and answer.err and string.find(answer.err, 'wrong number of arg', 1, true)) then
    return {'error', trial[1], type(answer) == 'table' and answer.err or 'an answer nobody expects'}
  end
end
if #unused > 0 then
  local _, refused = ask('HDEL', record, unpack(unused))
  if refused then
    return refused
  end
end

local _, notWritten = ask('HSET', record, unpack(fields))
if notWritten then
  return notWritten
end
local _, notKept = ask('XADD', history, 'MAXLEN', '~', 500, '*', unpack(fields))
if notKept then
  return notKept
end
local receivers = redis.pcall('PUBLISH', channel, ARGV[3])
if type(receivers) == 'table' then
  return {'applied', '', receivers.err or ''}
end
return {'applied', receivers, ''}
