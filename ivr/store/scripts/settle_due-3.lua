-- End a claim: forget the record, or have it due again later.
--
-- Input
--   KEYS[1]  ringback:due
--   KEYS[2]  ringback:due:records
--   KEYS[3]  ringback:due:unhurried
--   ARGV[1]  id of the record
--   ARGV[2]  name of the claim
--   ARGV[3]  when it is due again, or '' to forget it
--   ARGV[4]  the record as it is then
-- Output
--   1   done
--   -1  lost: the record is gone, was written anew or is claimed by another

redis.call('ZREM', KEYS[3], ARGV[2])
local text = redis.call('HGET', KEYS[2], ARGV[1])
if not text or cjson.decode(text).claim ~= ARGV[2] then
  return -1
end
if ARGV[3] == '' then
  redis.call('ZREM', KEYS[1], ARGV[1])
  redis.call('HDEL', KEYS[2], ARGV[1])
else
  redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[4])
end
return 1
