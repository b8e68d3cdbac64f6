-- Note whether a recording can be heard. Once it can, it can.
--
-- Input
--   KEYS[1]  ringback:voicemail:ID
--   KEYS[2]  ringback:due
--   KEYS[3]  ringback:due:records
--   ARGV[1]  ready or failed
--   ARGV[2]  seconds of the recording, or ''
--   ARGV[3]  id of the call
--   ARGV[4]  lifetime while no turn has kept the voicemail
--   ARGV[5]  due id, ARGV[6] due time, ARGV[7] due record: of the recording's check
--   ARGV[8]  the recording as it was told: its URL, or its id
-- Output
--   1  noted
--   0  nothing new

local known = redis.call('HMGET', KEYS[1], 'recording', 'message', 'reason_of')
if known[1] == 'ready' or known[1] == ARGV[1] then
  return 0
end
redis.call('HSET', KEYS[1], 'recording', ARGV[1], 'call', ARGV[3], 'told_as', ARGV[8])
if ARGV[2] ~= '' then
  redis.call('HSET', KEYS[1], 'seconds', ARGV[2])
end
-- What a callback is about is no voicemail.
local is_voicemail = not known[3]
if is_voicemail and not known[2] then
  redis.call('EXPIRE', KEYS[1], ARGV[4])
end
if is_voicemail and not known[2] and ARGV[1] == 'ready' then
  -- A message that no turn has kept: when none does soon, the check keeps it.
  redis.call('ZADD', KEYS[2], ARGV[6], ARGV[5])
  redis.call('HSET', KEYS[3], ARGV[5], ARGV[7])
else
  redis.call('ZREM', KEYS[2], ARGV[5])
  redis.call('HDEL', KEYS[3], ARGV[5])
end
return 1
