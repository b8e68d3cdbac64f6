-- Who waits and who is there at this moment, and the last event that was told before it.
--
-- Input
--   ARGV  the queues
-- Output
--   JSON: {last, places, agents}; an agent whose telephone rings, or who talks, has their place
-- with: line

local newest = redis.call('XREVRANGE', 'ringback:events', '+', '-', 'COUNT', 1)
local places, agents = {}, {}

local function stands(id, agent)
  local known = redis.call('HMGET', place_key(id), 'queue', 'kind', 'order', 'joined')
  if known[1] then
    places[#places + 1] = { place = id, queue = known[1], callback = known[2] == 'callback',
      order = tonumber(known[3]), joined = tonumber(known[4]), agent = agent }
  end
end

for _, queue in ipairs(ARGV) do
  for _, id in ipairs(redis.call('ZRANGE', 'ringback:line:' .. queue, 0, -1)) do
    stands(id, '')
  end
end
for _, name in ipairs(redis.call('SMEMBERS', 'ringback:agents')) do
  local known = redis.call('HMGET', agent_key(name), 'presence', 'since', 'leaving', 'reservation')
  if known[1] and known[1] ~= 'away' then
    local offer = redis.call('HMGET', reservation_key(known[4] or ''), 'place', 'state', 'queue',
      'kind')
    if known[1] == 'reserved' and offer[2] == 'offered' then
      stands(offer[1], name)
    end
    agents[#agents + 1] = { agent = name, queues = queues_of(name), leaving = known[3] == '1',
      idle = known[1] == 'available', since = tonumber(known[2]), queue = offer[3] or '',
      callback = offer[4] == 'callback' }
  end
end

local function list(found) return #found > 0 and cjson.encode(found) or '[]' end
return '{"last":' .. cjson.encode(newest[1] and newest[1][1] or '0') ..
  ',"places":' .. list(places) .. ',"agents":' .. list(agents) .. '}'
