-- Delete a set of flows and its scripts of calls, if nobody has changed meanwhile what new calls begin with.
--
-- Input
--   KEYS[1]  ringback:flows
--   KEYS[2]  ringback:flows:set:VERSION
--   KEYS[3]  ringback:flows:scripts:VERSION
--   ARGV[1]  serial that was read when it was found to be in use no longer
-- Output
--   1   done
--   -1  lost: somebody else has changed it since
--   -2  unknown: there is no such set

if tonumber(redis.call('HGET', KEYS[1], 'serial') or 0) ~= tonumber(ARGV[1]) then
  return -1
end
redis.call('DEL', KEYS[3])
if redis.call('DEL', KEYS[2]) == 0 then
  return -2
end
return 1
