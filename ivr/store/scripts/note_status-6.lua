-- Note what the carrier says of a call. A status never goes back, and the end comes once.
--
-- Input
--   KEYS[1]  ringback:call:CALL
--   KEYS[2]  ringback:events
--   KEYS[3]  ringback:due
--   KEYS[4]  ringback:due:records
--   KEYS[5]  ringback:trace:CALL
--   KEYS[6]  ringback:calls
--   ARGV[1]  id of the call
--   ARGV[2]  status, ARGV[3] its rank, ARGV[4] rank of an ended call
--   ARGV[5]  number of the carrier's message, or ''
--   ARGV[6]  seconds that the call took, or ''
--   ARGV[7]  now
--   ARGV[8]  lifetime of a call, ARGV[9] of an ended call
--   ARGV[10] events kept
--   ARGV[11] due id, ARGV[12] due time, ARGV[13] due record: of the call's check
--   ARGV[14] events that tell of the end (a JSON list)
--   ARGV[15] the end as a step of the trace, ARGV[16] lifetime of a trace
-- Output
--   1  noted
--   0  nothing new
-- with: line

local rank = tonumber(ARGV[3])
if rank <= tonumber(redis.call('HGET', KEYS[1], 'rank') or -1) then
  return 0
end

redis.call('HSET', KEYS[1], 'status', ARGV[2], 'rank', ARGV[3], 'sequence', ARGV[5],
  'seconds', ARGV[6], 'at', ARGV[7])

if rank < tonumber(ARGV[4]) then
  redis.call('EXPIRE', KEYS[1], ARGV[8])
  redis.call('ZADD', KEYS[3], ARGV[12], ARGV[11])
  redis.call('HSET', KEYS[4], ARGV[11], ARGV[13])
  return 1
end

redis.call('EXPIRE', KEYS[1], ARGV[9])
redis.call('ZREM', KEYS[3], ARGV[11])
redis.call('HDEL', KEYS[4], ARGV[11])
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[10], '*',
  'at', ARGV[7], 'call', ARGV[1], 'events', ARGV[14])
redis.call('RPUSH', KEYS[5], ARGV[15])
redis.call('EXPIRE', KEYS[5], ARGV[16])

-- Whoever stood in the line may keep the place: so may who had come back to it from a callback
-- (`back`) and does not stand there yet. What is needed for that stays in the place.
local place = redis.call('HMGET', place_key(ARGV[1]), 'state', 'record')
local back = redis.call('HGET', KEYS[1], 'back')
if place[1] == 'waiting' or place[1] == 'reserved' or (back and not place[1]) then
  due('keep_place', ARGV[1], tonumber(ARGV[7]))
  wake()
  local person = place[2] and cjson.decode(place[2])
  if not person then
    local about = redis.call('HGET', 'ringback:callback:' .. back, 'about')
    person = about and cjson.decode(about).person or {}
  end
  if person.caller then
    redis.call('SET', 'ringback:keeping:' .. person.caller, ARGV[1], 'EX', @KEEPING_LIFETIME@)
  end
end
leave(ARGV[1], 'hung_up', tonumber(ARGV[7]))
-- A call in which no turn could be taken is listed as well.
redis.call('ZADD', KEYS[6], 'NX', ARGV[7], ARGV[1])
return 1
