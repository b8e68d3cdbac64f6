-- Write what follows from events for the promises, if no other has done so since they were read.
--
-- Input
--   KEYS[1]  ringback:promises
--   ARGV[1]  version that was read
--   ARGV[2]  id of the last event of which this follows
--   ARGV[3]  now
--   ARGV[4]  what changes (JSON), all of it lists; a number that is stored is written as a string:
--     accounts   {subject, account (JSON), when the clock must come by or '', its lifetime if not}
--     counts     {day, kind and queue and outcome, how many more}
--     waits      {day, subject, what came of it (JSON), or '' where it is not counted there}
--     broken     {day, subject of an account with a broken promise of that day}
--     owed       {subject, the promise that is to be apologised for by voice (JSON), or ''}
--     apologise  subjects to whom an apology is to be written now
--     lost       {id of the last event before a gap, id of the first after it}, or none
-- Output
--   1   written
--   -1  lost: another was quicker
-- with: line

if tonumber(redis.call('HGET', KEYS[1], 'version') or 0) ~= tonumber(ARGV[1]) then
  return -1
end
local now, change = ARGV[3], cjson.decode(ARGV[4])
redis.call('HSET', KEYS[1], 'version', ARGV[1] + 1, 'last', ARGV[2], 'at', now)
if change.lost[1] then
  redis.call('HSET', KEYS[1], 'lost_after', change.lost[1], 'lost_before', change.lost[2])
end

for _, account in ipairs(change.accounts) do
  local key = 'ringback:promises:account:' .. account[1]
  if account[3] == '' then
    redis.call('SET', key, account[2], 'EX', account[4])
    redis.call('ZREM', 'ringback:promises:due', account[1])
  else
    redis.call('SET', key, account[2])
    redis.call('ZADD', 'ringback:promises:due', account[3], account[1])
  end
end
for _, count in ipairs(change.counts) do
  redis.call('HINCRBY', 'ringback:promises:kept:' .. count[1], count[2], count[3])
end
for _, wait in ipairs(change.waits) do
  local key = 'ringback:promises:waits:' .. wait[1]
  if wait[3] == '' then
    redis.call('HDEL', key, wait[2])
  else
    redis.call('HSET', key, wait[2], wait[3])
    redis.call('EXPIRE', key, @WAITS_LIFETIME@)
  end
end
for _, broken in ipairs(change.broken) do
  local key = 'ringback:promises:broken:' .. broken[1]
  redis.call('SADD', key, broken[2])
  redis.call('EXPIRE', key, @ACCOUNT_LIFETIME@)
end
for _, owed in ipairs(change.owed) do
  local key = 'ringback:apologise:' .. owed[1]
  if owed[2] == '' then
    redis.call('DEL', key)
  else
    redis.call('SET', key, owed[2], 'EX', @ACCOUNT_LIFETIME@)
  end
end
for _, subject in ipairs(change.apologise) do
  due('apologise', subject, tonumber(now))
end
if change.apologise[1] then
  wake()
end
return 1
