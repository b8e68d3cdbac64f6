-- An agent is ready for the next person.
--
-- Input
--   ARGV[1]  name
--   ARGV[2]  now
--   ARGV[3]  '1' if they say so themselves, '0' when their time is over
-- Output
--   1  free
--   0  they do not wrap up, or not yet so long
-- with: line

local agent, now = ARGV[1], tonumber(ARGV[2])
local known = redis.call('HMGET', agent_key(agent), 'presence', 'until')
if known[1] ~= 'wrap_up' or (ARGV[3] == '0' and tonumber(known[2]) > now) then
  return 0
end
free(agent, 'AgentFree', now)
return 1
