-- Promise a callback, within the limits, and give up the caller's own place for it.
--
-- Input
--   ARGV[1]  the change (JSON): see parts/callbacks.lua
--   ARGV[2]  now
--   ARGV[3]  who asks (JSON): number, who, other (whether it is another number than theirs),
--            number_a_day, calls_a_day, others_a_day, everybody_an_hour
--   ARGV[4]  the place in the line (a live caller's) that it is promised instead of, or ''
-- Output
--   ''  promised, else why not: promised_before (by this id), open_already, number_today,
--   calls_today, others_today, everybody_now, no_room, share, turn_came (an agent is on the way to
--   whom it would take the place of)
-- with: line
-- with: texts
-- with: callbacks

local change, now, asks = cjson.decode(ARGV[1]), tonumber(ARGV[2]), cjson.decode(ARGV[3])
local before = where_counted(change.id)
if before.version > 0 then
  return 'promised_before'
end
local asked, others = 'ringback:callbacks:asked:' .. asks.number,
  'ringback:callbacks:others:' .. asks.who
local why = refusal(change, before, now)
if why == 'open_already' then
  return why
end
if count_since(asked, now, DAY) >= asks.number_a_day then
  return 'number_today'
end
if count_since('ringback:callbacks:rung:' .. asks.number, now, DAY) >= asks.calls_a_day then
  return 'calls_today'
end
if asks.other and not redis.call('ZSCORE', others, asks.number)
    and count_since(others, now, DAY) >= asks.others_a_day then
  return 'others_today'
end
if count_since('ringback:callbacks:asked', now, 3600) >= asks.everybody_an_hour then
  return 'everybody_now'
end
if why then
  return why
end
if ARGV[4] ~= '' then
  local state = redis.call('HGET', place_key(ARGV[4]), 'state')
  if state == 'reserved' or state == 'served' then
    return 'turn_came'
  end
  leave(ARGV[4], 'callback', now)
end

count_one_more(asked, change.id, now, DAY)
count_one_more('ringback:callbacks:asked', change.id, now, 3600)
if asks.other then
  count_one_more(others, asks.number, now, DAY)
end
write_callback(change, before, now)
return ''
