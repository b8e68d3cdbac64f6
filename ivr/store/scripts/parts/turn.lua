-- Writing a turn of a call; `take_turn` documents KEYS and ARGV. `at` is where in ARGV what comes with
-- the turn begins.

local function take_turn(at)
  local turn = tonumber(ARGV[2])
  if tonumber(redis.call('HGET', KEYS[1], 'turn') or 0) ~= turn - 1 then
    local instead = redis.call('HMGET', KEYS[1], 'state', 'answer', 'status')
    return { -1, instead[1], instead[2], instead[3] }
  end

  redis.call('HSET', KEYS[1], 'turn', turn, 'state', ARGV[3], 'answer', ARGV[4], 'at', ARGV[5])

  if ARGV[6] ~= '' then
    redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[7], '*',
      'at', ARGV[5], 'call', ARGV[1], 'events', ARGV[6])
  end

  if ARGV[8] ~= '' then
    redis.call('RPUSH', KEYS[7], ARGV[8])
  end

  if turn == 1 then
    redis.call('EXPIRE', KEYS[7], ARGV[9])
    redis.call('ZADD', KEYS[8], ARGV[5], ARGV[1])
    redis.call('ZREMRANGEBYRANK', KEYS[8], 0, -1 - tonumber(ARGV[10]))
    local id, due, record, lifetime, ended, ended_lifetime = unpack(ARGV, at, at + 5)
    at = at + 6
    -- Once for a call: whoever checks it sees in `at` whether there was news meanwhile.
    if tonumber(redis.call('HGET', KEYS[1], 'rank') or 0) >= tonumber(ended) then
      -- A turn that the end of the call has overtaken: there is nothing to check any more.
      redis.call('EXPIRE', KEYS[1], ended_lifetime)
    else
      redis.call('EXPIRE', KEYS[1], lifetime)
      redis.call('ZADD', KEYS[3], due, id)
      redis.call('HSET', KEYS[4], id, record)
    end
  end

  if ARGV[at] and KEYS[5] ~= KEYS[6] then
    local id, due, record, voicemail, voicemail_id, left_at = unpack(ARGV, at, at + 5)
    at = at + 6
    if redis.call('HSETNX', KEYS[5], 'message', voicemail) == 1 then
      redis.call('PERSIST', KEYS[5])
      redis.call('ZADD', KEYS[6], left_at, voicemail_id)
      if redis.call('HEXISTS', KEYS[5], 'recording') == 0 then
        redis.call('ZADD', KEYS[3], due, id)
        redis.call('HSET', KEYS[4], id, record)
      else
        redis.call('ZREM', KEYS[3], id)
        redis.call('HDEL', KEYS[4], id)
      end
    end
  end

  while ARGV[at] do
    local wanted = cjson.decode(ARGV[at])
    if wanted.told then
      tell_by_voice(wanted.told)
    else
      want_text(wanted, tonumber(ARGV[5]))
    end
    at = at + 1
  end

  return { 1 }
end
