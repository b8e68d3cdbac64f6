-- Move a callback: its record, its event, what must happen next, and all that counts it.
--
-- Input
--   ARGV[1]  the change (JSON): see parts/callbacks.lua
--   ARGV[2]  now
-- Output
--   ''  written, else why not: changed (somebody else has moved it), open_already, no_room, share,
--   lock_lost, on_the_way (that number is being rung for another callback), on_the_line (they wait
--   on the telephone), calls_today, others_today
-- with: line
-- with: texts
-- with: callbacks

local change, now = cjson.decode(ARGV[1]), tonumber(ARGV[2])
local before = where_counted(change.id)
local why = refusal(change, before, now)
if why then
  return why
end
if change.waits_in then
  -- Whoever hangs up after this keeps the place; whoever has done so before has the callback.
  local call = 'ringback:call:' .. change.waits_in
  if tonumber(redis.call('HGET', call, 'rank') or 0) >= @ENDED_RANK@ then
    return 'changed'
  end
  if redis.call('EXISTS', call) == 1 then
    redis.call('HSET', call, 'back', change.id)
  end
end
write_callback(change, before, now)
return ''
