-- Note whether a recording can be heard. Once it can, it can.
--
-- Input
--   KEYS[1]  ringback:voicemail:ID
--   KEYS[2]  ringback:due
--   KEYS[3]  ringback:due:records
--   ARGV[1]  ready or failed
--   ARGV[2]  seconds of the recording, or ''
--   ARGV[3]  due id of the recording's check
--   ARGV[4]  lifetime when the voicemail itself is not kept yet
-- Output
--   1  noted
--   0  nothing new

redis.call('ZREM', KEYS[2], ARGV[3])
redis.call('HDEL', KEYS[3], ARGV[3])
local known = redis.call('HGET', KEYS[1], 'recording')
if known == 'ready' or known == ARGV[1] then
  return 0
end
redis.call('HSET', KEYS[1], 'recording', ARGV[1])
if ARGV[2] ~= '' then
  redis.call('HSET', KEYS[1], 'seconds', ARGV[2])
end
if redis.call('HEXISTS', KEYS[1], 'message') == 0 then
  redis.call('EXPIRE', KEYS[1], ARGV[4])
end
return 1
