-- Write a turn of a call in which the caller comes into a line, or leaves one: both or neither.
--
-- Input
--   KEYS[1]  ringback:call:CALL
--   KEYS[2]  ringback:events
--   KEYS[3]  ringback:due
--   KEYS[4]  ringback:due:records
--   KEYS[5]  ringback:voicemail:ID, or the key after it when there is no voicemail
--   KEYS[6]  ringback:voicemails
--   KEYS[7]  ringback:trace:CALL
--   KEYS[8]  ringback:calls
--   ARGV[1]  id of the call
--   ARGV[2]  number of the turn
--   ARGV[3]  state after it
--   ARGV[4]  answer to the carrier
--   ARGV[5]  now
--   ARGV[6]  events (a JSON list), or '' for none
--   ARGV[7]  events kept
--   ARGV[8]  step of the trace, or '' for none
--   ARGV[9]  lifetime of a trace
--   ARGV[10] calls kept
--   ARGV[11] what changes in the line (a JSON list): `{join = place, again = boolean}`, with a place
--            as `join_line` takes it, or `{leave = why}`
--   ARGV[12] rank of an ended call
--   and what comes with the turn after these, as with `take_turn`
-- Output
--   as `take_turn`
-- with: line
-- with: texts
-- with: turn

local reply = take_turn(13)
if reply[1] ~= 1 then
  return reply
end

local now = tonumber(ARGV[5])
-- A call that has ended meanwhile stands in no line.
local ended = tonumber(redis.call('HGET', KEYS[1], 'rank') or 0) >= tonumber(ARGV[12])
for _, change in ipairs(cjson.decode(ARGV[11])) do
  if change.leave then
    leave(ARGV[1], change.leave, now)
  elseif not ended then
    local state = redis.call('HGET', place_key(change.join.id), 'state')
    -- Whoever has been taken meanwhile is about to be met.
    if not change.again or state ~= 'served' then
      join(change.join, now)
    end
  end
end
return reply
