-- Mark a voicemail as heard. Who was first stays.
--
-- Input
--   KEYS[1]  ringback:voicemail:ID
--   ARGV[1]  who heard it
--   ARGV[2]  now
--   ARGV[3]  lifetime from then on
-- Output
--   1   marked
--   0   nothing new: it had been heard
--   -2  there is no such voicemail

if redis.call('HEXISTS', KEYS[1], 'message') == 0 then
  return -2
end
if redis.call('HSETNX', KEYS[1], 'heard_by', ARGV[1]) == 0 then
  return 0
end
redis.call('HSET', KEYS[1], 'heard_at', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
