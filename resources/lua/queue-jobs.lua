-- Of which queues the jobs are that workers have at work. Each value of such a hash is a JSON text with the arguments of a job
-- that nobody else is to read: only names of queues leave Redis, with how many jobs each has. Reads only.
-- KEYS: hashes, one or more of a worker. ARGV: the name of the member, the most jobs of one hash and the longest job in bytes that
-- are looked at. Answers a list of name, count, name, count for each hash.
local all = {}
for i, key in ipairs(KEYS) do
  local jobs = {}
  local length = redis.pcall('HLEN', key)
  if type(length) == 'table' and length.err and not string.find(length.err, 'WRONGTYPE') then
    return length
  end
  if type(length) == 'number' and length > 0 and length <= tonumber(ARGV[2]) then
    local counts = {}
    for _, text in ipairs(redis.call('HVALS', key)) do
      if #text <= tonumber(ARGV[3]) then
        local ok, job = pcall(cjson.decode, text)
        local queue = ok and type(job) == 'table' and job[ARGV[1]]
        if type(queue) == 'string' and #queue <= 256 then
          counts[queue] = (counts[queue] or 0) + 1
        end
      end
    end
    for queue, count in pairs(counts) do
      jobs[#jobs + 1] = queue
      jobs[#jobs + 1] = count
    end
  end
  all[i] = jobs
end
return all
