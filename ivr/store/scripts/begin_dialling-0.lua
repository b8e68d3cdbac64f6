-- Write that an agent's telephone is going to be rung, before it is.
--
-- Input
--   ARGV[1]  id of the reservation
--   ARGV[2]  now
--   ARGV[3]  when the reservation ends
-- Output
--   1  written: ring it
--   0  somebody else does
--  -1  the reservation is over
-- with: line

local key = reservation_key(ARGV[1])
local known = redis.call('HMGET', key, 'state', 'dialling')
if known[1] ~= 'offered' then
  return -1
end
if known[2] then
  return 0
end
redis.call('HSET', key, 'dialling', ARGV[2])
due('reservation_ends', ARGV[1], ARGV[3])
return 1
