-- An agent is there, or goes away. Who is there already may serve other queues from now on, or
-- stay after all; that is told (AgentSkills), and nothing when all is as before.
--
-- Input
--   ARGV[1]  name
--   ARGV[2]  'available' or 'away'
--   ARGV[3]  skills (JSON: [[queue, weight], ...], the most preferred first)
--   ARGV[4]  address, or '' for one who is on the telephone already
--   ARGV[5]  the call they are on the telephone with, or ''
--   ARGV[6]  '1' for somebody who is not registered
--   ARGV[7]  now
-- Output
--   {presence before, presence now, reservation}
-- with: line

local agent, want, now = ARGV[1], ARGV[2], tonumber(ARGV[7])
local key = agent_key(agent)
local known = redis.call('HMGET', key, 'presence', 'skills', 'leaving')
local before = known[1] or 'away'

if want == 'available' then
  not_idle(agent)
  not_there(agent)
  redis.call('SADD', 'ringback:agents', agent)
  redis.call('HSET', key, 'skills', ARGV[3], 'address', ARGV[4], 'guest', ARGV[6], 'leaving', '0')
  is_there(agent)
  if ARGV[5] ~= '' then
    redis.call('HSET', key, 'leg', ARGV[5])
    redis.call('SET', 'ringback:leg:' .. ARGV[5], agent, 'EX', @CALL_LIFETIME@)
  else
    redis.call('HDEL', key, 'leg')
  end
  if before == 'away' then
    free(agent, 'AgentSignedOn', now)
  elseif before == 'wrap_up' then
    free(agent, 'AgentFree', now)
  else
    if known[2] ~= ARGV[3] or known[3] == '1' then
      tell(now, '', { { type = 'AgentSkills', agent = agent, queues = queues_of(agent) } })
    end
    if before == 'available' then
      -- As long idle as before; their queues may be others.
      local since = redis.call('HGET', key, 'since')
      for _, queue in ipairs(queues_of(agent)) do
        redis.call('ZADD', 'ringback:idle:' .. queue, since, agent)
      end
      match_agent(agent, now)
    end
  end
elseif before == 'available' or before == 'wrap_up' then
  sign_off(agent, 'asked', now)
elseif before ~= 'away' and redis.call('HGET', key, 'leaving') ~= '1' then
  redis.call('HSET', key, 'leaving', '1')
  not_there(agent)
  tell(now, '', { { type = 'AgentLeaving', agent = agent } })
end

return { before, redis.call('HGET', key, 'presence') or 'away',
  redis.call('HGET', key, 'reservation') or '' }
