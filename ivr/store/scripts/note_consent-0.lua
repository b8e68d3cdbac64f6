-- Write what is known of a number's consent to texts, unless somebody has written meanwhile.
--
-- Input
--   ARGV[1]  the number
--   ARGV[2]  what was read (JSON), or '' where nothing was there
--   ARGV[3]  what holds now (JSON)
-- Output
--   1 written, -1 somebody else has written since
if (redis.call('HGET', 'ringback:consents', ARGV[1]) or '') ~= ARGV[2] then
  return -1
end
redis.call('HSET', 'ringback:consents', ARGV[1], ARGV[3])
return 1
