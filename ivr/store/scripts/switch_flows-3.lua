-- Let new calls begin with another version of the flows, if nobody has changed that meanwhile.
--
-- Input
--   KEYS[1]  ringback:flows
--   KEYS[2]  ringback:flows:history
--   KEYS[3]  ringback:flows:set:VERSION of the version that comes into use
--   ARGV[1]  serial that was read
--   ARGV[2]  version
--   ARGV[3]  trial (JSON), or '' for none
--   ARGV[4]  entry of the history (JSON)
--   ARGV[5]  entries kept
-- Output
--   1   done
--   -1  lost: somebody else has changed it since
--   -2  unknown: there is no such set

if tonumber(redis.call('HGET', KEYS[1], 'serial') or 0) ~= tonumber(ARGV[1]) then
  return -1
end
if redis.call('EXISTS', KEYS[3]) == 0 then
  return -2
end
redis.call('PERSIST', KEYS[3])
redis.call('HSET', KEYS[1], 'serial', ARGV[1] + 1, 'version', ARGV[2], 'trial', ARGV[3])
redis.call('LPUSH', KEYS[2], ARGV[4])
redis.call('LTRIM', KEYS[2], 0, ARGV[5] - 1)
return 1
