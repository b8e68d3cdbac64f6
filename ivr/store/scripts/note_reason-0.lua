-- Note what a callback is about, as the person recorded it: no voicemail, then.
--
-- Input
--   ARGV[1]  id of the callback
--   ARGV[2]  its version
--   ARGV[3]  about (JSON), with the reason
--   ARGV[4]  id of the recording
-- Output
--   1  noted
--   -1 somebody has moved the callback since it was read
-- with: line

local key, recording = 'ringback:callback:' .. ARGV[1], 'ringback:voicemail:' .. ARGV[4]
if redis.call('HGET', key, 'version') ~= ARGV[2] then
  return -1
end
redis.call('HSET', key, 'about', ARGV[3])
redis.call('HSET', recording, 'reason_of', ARGV[1])
redis.call('EXPIRE', recording, @CALLBACK_LIFETIME@)
not_due('check_recording', ARGV[4])
return 1
