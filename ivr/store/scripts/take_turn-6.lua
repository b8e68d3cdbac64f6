-- Write a turn of a call, and all that comes with it, if no other has written since it was read.
--
-- Input
--   KEYS[1]  ringback:call:CALL
--   KEYS[2]  ringback:events
--   KEYS[3]  ringback:due
--   KEYS[4]  ringback:due:records
--   KEYS[5]  ringback:voicemail:ID, or any key when there is no voicemail
--   KEYS[6]  ringback:voicemails
--   ARGV[1]  id of the call
--   ARGV[2]  number of the turn
--   ARGV[3]  state after it
--   ARGV[4]  answer to the carrier
--   ARGV[5]  now
--   ARGV[6]  lifetime of a call
--   ARGV[7]  rank of an ended call
--   ARGV[8]  lifetime of an ended call
--   ARGV[9]  events kept
--   ARGV[10] due id, ARGV[11] due time, ARGV[12] due record: of the call's check
--   ARGV[13] voicemail, or '' for none
--   ARGV[14] id of the voicemail, ARGV[15] when it was left
--   ARGV[16] due id, ARGV[17] due time, ARGV[18] due record: of the recording's check
--   ARGV[19] events (a JSON list), or '' for none
-- Output
--   {1}                             done
--   {-1, state, answer, status}     lost: what is stored instead (each false when it is not)

local turn = tonumber(ARGV[2])
if tonumber(redis.call('HGET', KEYS[1], 'turn') or 0) ~= turn - 1 then
  local instead = redis.call('HMGET', KEYS[1], 'state', 'answer', 'status')
  return { -1, instead[1], instead[2], instead[3] }
end

redis.call('HSET', KEYS[1], 'turn', turn, 'state', ARGV[3], 'answer', ARGV[4], 'at', ARGV[5])

if ARGV[19] ~= '' then
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[9], '*',
    'at', ARGV[5], 'call', ARGV[1], 'events', ARGV[19])
end

-- Once for a call: whoever checks it sees in `at` whether there was news meanwhile.
if turn == 1 then
  if tonumber(redis.call('HGET', KEYS[1], 'rank') or 0) >= tonumber(ARGV[7]) then
    -- A turn that the end of the call has overtaken: there is nothing to check any more.
    redis.call('EXPIRE', KEYS[1], ARGV[8])
  else
    redis.call('EXPIRE', KEYS[1], ARGV[6])
    redis.call('ZADD', KEYS[3], ARGV[11], ARGV[10])
    redis.call('HSET', KEYS[4], ARGV[10], ARGV[12])
  end
end

if ARGV[13] ~= '' and redis.call('HSETNX', KEYS[5], 'message', ARGV[13]) == 1 then
  redis.call('PERSIST', KEYS[5])
  redis.call('ZADD', KEYS[6], ARGV[15], ARGV[14])
  if redis.call('HEXISTS', KEYS[5], 'recording') == 0 then
    redis.call('ZADD', KEYS[3], ARGV[17], ARGV[16])
    redis.call('HSET', KEYS[4], ARGV[16], ARGV[18])
  else
    redis.call('ZREM', KEYS[3], ARGV[16])
    redis.call('HDEL', KEYS[4], ARGV[16])
  end
end

return { 1 }
