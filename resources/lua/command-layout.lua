-- SPDX-License-Identifier: GPL-3.0-or-later
-- Carries out a command as a layout describes it: first all guards, then its writes. A guard that fails writes nothing.
-- KEYS: every key that is touched. ARGV, read from left to right:
--   'written', 'done' or 'undo': the word that is answered when it acted, and that it withdraws; or 'look', which writes nothing.
--   The number of guards, and each: kind, '1' if it is negated, the code that is answered when it fails, what it is about in words,
--   and what its kind needs, see checks. Of 'look': the number of groups, and of each the number of guards and the guards.
--   The number of writes, and each: 'when', a number and so many guards, where all have to hold for it, or nothing of this;
--   'if', a number and so many keys, where one of these has to be there for it, or nothing of this;
--   'plain', 'new' (SET NX), 'expire' (of what was pushed just before), 'publish' or 'rename' (RENAMENX), the number of words,
--   and each word: 'k' and the place of a key, or 't', the number of its parts, and each part: 't' and bytes, or 's' or 'ms' for Redis'
--   time. Of 'look': the place of the key whose PTTL is answered, or 0.
-- Answers {'written' or 'done', receivers or -1}, or {'guard', code, about, met}, {'exists'}, {'taken', key}, {'nobody'}, {'too-late'},
-- {'error', command, words}; to 'look' {'looked', PTTL, and of each group 1 if all of it holds, else 0}.
local longestJson = 262144
local longestList = 100
local place = 0

local function take()
  place = place + 1
  return ARGV[place]
end

local function takeCount()
  return tonumber(take())
end

local function takeKey()
  return KEYS[takeCount()]
end

-- A decoded value as a text; nil for null. What is in it does not matter for a list or an object.
local function plain(value)
  local kind = type(value)
  if kind == 'string' then
    return value
  end
  if kind == 'boolean' then
    return tostring(value)
  end
  if kind == 'number' then
    return string.format(value == math.floor(value) and '%.0f' or '%.17g', value)
  end
  return kind == 'table' and '{}' or nil
end

-- What a JSON pointer leads to; the second value is true where the text cannot be read.
local function pointed(text, steps)
  if #text > longestJson then
    return nil, true
  end
  local decoded, value = pcall(cjson.decode, text)
  if not decoded then
    return nil, true
  end
  for _, step in ipairs(steps) do
    if type(value) ~= 'table' then
      return nil
    end
    local index = tonumber(step)
    value = value[step] == nil and index and value[index + 1] or value[step]
  end
  return plain(value)
end

-- The next value: the first of its paths that has one. nil if there is none; then whether something is there that cannot be read, and
-- the script's answer if Redis refuses.
local function takeValue()
  local found, unreadable, problem
  for _ = 1, takeCount() do
    local from, key, name, steps = take(), takeKey(), take(), {}
    for i = 1, takeCount() do
      steps[i] = take()
    end
    if found == nil and not unreadable and not problem then
      local text
      if from == 'literal' then
        text = name
      elseif from == 'unreadable' then
        unreadable = true
      elseif from == 'HMGET' then
        local fields
        fields, problem = ask('HMGET', key, name)
        text = fields and fields[1]
      elseif from == 'MGET' then
        local texts
        texts, problem = ask('MGET', key)
        text = texts and texts[1]
      else
        text, problem = ask(from, key, name)
      end
      if text and #steps > 0 then
        text, unreadable = pointed(text, steps)
      end
      found = text or nil
    end
  end
  return found, unreadable, problem
end

local function days(year, month, day)
  if month <= 2 then
    year, month = year - 1, month + 12
  end
  local era = math.floor(year / 400)
  local ofEra = year - era * 400
  local ofYear = math.floor((153 * (month - 3) + 2) / 5) + day - 1
  return era * 146097 + ofEra * 365 + math.floor(ofEra / 4) - math.floor(ofEra / 100) + ofYear - 719468
end

-- A time as Unix ms, or nil.
local function milliseconds(text, unit)
  local number = tonumber(text)
  if number then
    if unit == 'ms' or (unit == 'auto' and number >= 1e11) then
      return number
    end
    return number * 1000
  end
  local y, mo, d, h, mi, s, part, sign, oh, om =
    string.match(text, '^(%d%d%d%d)-(%d%d)-(%d%d)[T ](%d%d):(%d%d):(%d%d)(%.?%d*) ?([+-]?)(%d?%d?):?(%d?%d?)')
  if not y then
    return nil
  end
  local fraction = #part > 1 and tonumber('0' .. part) or 0
  local offset = ((tonumber(oh) or 0) * 60 + (tonumber(om) or 0)) * 60000 * (sign == '-' and -1 or 1)
  local seconds = ((days(tonumber(y), tonumber(mo), tonumber(d)) * 24 + tonumber(h)) * 60 + tonumber(mi)) * 60 + tonumber(s)
  return (seconds + fraction) * 1000 - offset
end

local longestTimed = 16384
local timeNames = {'heartbeat', 'last_heartbeat', 'lastHeartbeat', 'beat', 'last_beat', 'lastBeat', 'last_seen', 'lastSeen', 'seen', 'ts',
  'timestamp', 'time', 'at', 'updated_at', 'updatedAt'}

-- The same of a text that may be a JSON object with a time in it, as layoutTimeIn() of the console reads it: by its name, or the only one.
local function timeIn(text, unit)
  if string.sub(text, 1, 1) ~= '{' then
    return milliseconds(text, unit)
  end
  local decoded, object = false, nil
  if #text <= longestTimed then
    decoded, object = pcall(cjson.decode, text)
  end
  if not decoded or type(object) ~= 'table' then
    return nil
  end
  local function time(value)
    local kind = type(value)
    local stamp = (kind == 'number' or kind == 'string') and milliseconds(plain(value), unit)
    return stamp and stamp >= 1e12 and stamp <= 9999999999999 and stamp or nil
  end
  for _, name in ipairs(timeNames) do
    local stamp = time(object[name])
    if stamp then
      return stamp
    end
  end
  local only
  for _, value in pairs(object) do
    local stamp = time(value)
    if stamp and only then
      return nil
    end
    only = only or stamp
  end
  return only
end

-- What was met instead of a time; of JSON nothing, as anything may be in it.
local function shortTime(value)
  return value and string.sub(value, 1, 1) == '{' and '' or short(value)
end

local takeGuard

-- Each takes what it needs from ARGV and answers whether it holds, what was met, the script's answer if Redis refuses, and a code
-- where it is not the one that was given. nil for whether: that cannot be known, so that it fails negated or not.
local checks = {}

function checks.count()
  local word, key, some = take(), takeKey(), take() == '1'
  local count, problem = ask(word, key)
  return not problem and (count > 0) == some, tostring(count), problem
end

function checks.lasting()
  local left, problem = ask('PTTL', takeKey())
  return left == -1, left and tostring(left) or '', problem
end

function checks.member()
  local word, key, member = take(), takeKey(), take()
  local answer, problem = ask(word, key, member)
  return answer and answer ~= 0, '', problem
end

function checks.equal()
  local wanted = {}
  for _ = 1, takeCount() do
    wanted[take()] = true
  end
  local value, unreadable, problem = takeValue()
  if unreadable then
    return nil, 'unreadable', problem
  end
  return value ~= nil and wanted[value] == true, short(value), problem
end

-- The consumer has no entries that it was given and has not acknowledged.
function checks.pending()
  local key, group, consumer = takeKey(), take(), take()
  local entries, problem = ask('XPENDING', key, group, '-', '+', longestList, consumer)
  if problem and string.sub(problem[3], 1, 7) == 'NOGROUP' then
    return false, '', nil, 'gone'
  end
  return entries and #entries == 0, entries and tostring(#entries) or '', problem
end

function checks.begins()
  local wanted, begins = {}, false
  for i = 1, takeCount() do
    wanted[i] = take()
  end
  local value, unreadable, problem = takeValue()
  if unreadable then
    return nil, 'unreadable', problem
  end
  for _, one in ipairs(wanted) do
    begins = begins or value ~= nil and string.sub(value, 1, #one) == one
  end
  return begins, short(value), problem
end

function checks.exists()
  local value, unreadable, problem = takeValue()
  if unreadable then
    return nil, 'unreadable', problem
  end
  return value ~= nil, short(value), problem
end

-- The record is there, the member too where one is asked for, and nothing says that it has left.
function checks.alive()
  local record, word, registry, member = takeKey(), take(), takeKey(), take()
  local left, unreadable, problem = takeValue()
  if problem then
    return nil, '', problem
  end
  if record then
    local there, refused = ask('EXISTS', record)
    if refused then
      return nil, '', refused
    end
    if there == 0 then
      return false, '', nil, 'gone'
    end
  end
  if left or unreadable then
    return false, short(left), nil, 'left'
  end
  if word ~= '' then
    local answer, refused = ask(word, registry, member)
    if refused then
      return nil, '', refused
    end
    if not answer or answer == 0 then
      return false, '', nil, 'unregistered'
    end
  end
  return true, ''
end

function checks.fresh()
  local unit, within = take(), takeCount()
  local value, _, problem = takeValue()
  local stamp = value and timeIn(value, unit)
  local now = redisTime()
  if problem or not stamp or not now then
    return nil, shortTime(value), problem
  end
  return now - stamp < within, string.format('%.0f', now - stamp)
end

function checks.unmoved()
  local unit, shown = take(), takeCount()
  local value, _, problem = takeValue()
  if problem then
    return nil, '', problem
  end
  local stamp = value and timeIn(value, unit)
  return (stamp or 0) > shown - 2 and (stamp or 0) < shown + 2, shortTime(value)
end

function checks.listening()
  local listeners, problem = ask('PUBSUB', 'NUMSUB', take())
  return listeners and listeners[2] > 0, listeners and tostring(listeners[2]), problem
end

function checks.contains()
  local key, word = takeKey(), take()
  local words, problem = ask('LRANGE', key, 0, longestList - 1)
  for _, one in ipairs(words or {}) do
    if one == word then
      return true, word
    end
  end
  return false, '', problem
end

function checks.all()
  local all = true
  for _ = 1, takeCount() do
    local failed, problem = takeGuard()
    if problem then
      return nil, '', problem
    end
    all = all and not failed
  end
  return all, ''
end

-- The script's answer if the next guard fails, else nil; and the answer if Redis refuses.
function takeGuard()
  local kind, negated, code, about = take(), take() == '1', take(), take()
  local holds, met, problem, other = checks[kind]()
  if problem then
    return nil, problem
  end
  if holds ~= nil then
    holds = (holds and true or false) ~= negated
  end
  if not holds then
    return {'guard', not negated and other or code, about, met or ''}
  end
end

local acted = take()
if acted == 'look' then
  local answer = {'looked', -2}
  for group = 1, takeCount() do
    answer[group + 2] = 1
    for _ = 1, takeCount() do
      local failed, problem = takeGuard()
      if problem then
        return problem
      end
      if failed then
        answer[group + 2] = 0
      end
    end
  end
  local timed = takeKey()
  if timed then
    local left, problem = ask('PTTL', timed)
    if problem then
      return problem
    end
    answer[2] = left
  end
  return answer
end

for _ = 1, takeCount() do
  local failed, problem = takeGuard()
  if failed or problem then
    return failed or problem
  end
end

-- The next word of a write; nil where Redis' time is not to be had.
local function takeWord()
  if take() == 'k' then
    return takeKey()
  end
  local parts = {}
  for i = 1, takeCount() do
    local kind = take()
    if kind == 't' then
      parts[i] = take()
    else
      local now = redisTime()
      if not now then
        return nil
      end
      parts[i] = string.format('%.0f', kind == 's' and math.floor(now / 1000) or now)
    end
  end
  return table.concat(parts)
end

-- The kind of the next write and whether it is wanted, and the answer if Redis refuses.
local function takeKind()
  local kind, wanted = take(), true
  if kind == 'when' then
    for _ = 1, takeCount() do
      local failed, problem = takeGuard()
      if problem then
        return kind, wanted, problem
      end
      wanted = wanted and not failed
    end
    kind = take()
  end
  if kind ~= 'if' then
    return kind, wanted
  end
  local any = false
  for _ = 1, takeCount() do
    local there, problem = ask('EXISTS', takeKey())
    if problem then
      return kind, wanted, problem
    end
    any = any or there > 0
  end
  return take(), wanted and any
end

local receivers, changed, before = -1, 0, nil
for write = 1, takeCount() do
  local kind, wanted, unasked = takeKind()
  if unasked then
    return unasked
  end
  local words = {}
  for i = 1, takeCount() do
    words[i] = takeWord()
    if not words[i] then
      return {'error', 'TIME', 'NOPERM'}
    end
  end
  if wanted then
    local answer, problem = ask(unpack(words))
    if problem then
      if kind == 'expire' then
        -- What never expires would be obeyed by whoever comes next.
        ask('LREM', words[2], 1, before[3])
      end
      return problem
    end
    if kind == 'new' and not answer then
      return {'exists'}
    end
    if kind == 'rename' and answer == 0 then
      return {'taken', words[3]}
    end
    if kind == 'publish' then
      if answer == 0 and write == 1 then
        return {'nobody'}
      end
      receivers = answer
    end
    changed = changed + (type(answer) == 'number' and answer or 1)
    before = words
  end
end
if acted == 'undo' then
  return changed > 0 and {'done', -1} or {'too-late'}
end
return {acted, receivers}
