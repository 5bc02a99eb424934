-- SPDX-License-Identifier: GPL-3.0-or-later
-- Takes an available worker out of selection. Who, when and why stay with it, so that any console can tell and take it back.
-- KEYS: worker:W. ARGV: who, when (Unix ms), why.
-- Answers {'done', 'draining'}, or {'gone'}, {'not-a-hash', type}, {'not-available', status}, {'error', command, words}.
local refusal = notAWorker(KEYS[1])
if refusal then
  return refusal
end

local fields, problem = ask('HMGET', KEYS[1], 'status')
if problem then
  return problem
end
if fields[1] ~= 'available' then
  return {'not-available', short(fields[1])}
end

local _, refused = ask('HSET', KEYS[1], 'status', 'draining', 'drainedBy', ARGV[1], 'drainedAt', ARGV[2], 'drainReason', ARGV[3])
if refused then
  return refused
end
return {'done', 'draining'}
