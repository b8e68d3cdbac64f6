-- Give the lead back, so that another need not wait for the lease to run out.
--
-- Input
--   KEYS[1]  ringback:clock:leader
--   ARGV[1]  FENCE:NAME of who resigns
-- Output
--   1   done
--   -1  lost: another leads, or nobody

if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return -1
end
redis.call('DEL', KEYS[1])
return 1
