-- Keep a voicemail that no turn has kept.
--
-- Input
--   KEYS[1]  ringback:voicemail:ID
--   KEYS[2]  ringback:voicemails
--   KEYS[3]  ringback:due
--   KEYS[4]  ringback:due:records
--   ARGV[1]  voicemail
--   ARGV[2]  its id
--   ARGV[3]  when it was left
--   ARGV[4]  due id of the recording's check
-- Output
--   1  kept
--   0  nothing new: it was kept already

redis.call('ZREM', KEYS[3], ARGV[4])
redis.call('HDEL', KEYS[4], ARGV[4])
if redis.call('HSETNX', KEYS[1], 'message', ARGV[1]) == 0 then
  return 0
end
redis.call('PERSIST', KEYS[1])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[2])
return 1
