-- Write what was worked out from the events, if no other has done so since they were read.
--
-- Input
--   KEYS[1]  ringback:estimates
--   KEYS[2]  ringback:boards
--   KEYS[3]  ringback:waits
--   KEYS[4]  ringback:events
--   KEYS[5]  ringback:needs
--   ARGV[1]  version that was read
--   ARGV[2]  what is known after it (a snapshot)
--   ARGV[3]  id of the last event that it knows
--   ARGV[4]  now
--   ARGV[5]  events that tell what became of waits that were told (a JSON list), or '' for none
--   ARGV[6]  events kept
--   ARGV[7]  '1' if the boards and the waits are written, '0' if they stay as they are
--   ARGV[8]  what the queues need, or '' if that stays as it is
--   ARGV[9]  number of boards
--   ARGV[10] number of counts
--   then for each board: queue, board
--   then for each count: queue, half-hour, how many joined in it
--   then for each wait: place, wait
-- Output
--   1   written
--   -1  lost: another was quicker

if tonumber(redis.call('HGET', KEYS[1], 'version') or 0) ~= tonumber(ARGV[1]) then
  return -1
end
redis.call('HSET', KEYS[1], 'version', ARGV[1] + 1, 'snapshot', ARGV[2], 'last', ARGV[3],
  'at', ARGV[4])

if ARGV[5] ~= '' then
  redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[6], '*',
    'at', ARGV[4], 'call', '', 'events', ARGV[5])
end
if ARGV[8] ~= '' then
  redis.call('SET', KEYS[5], ARGV[8])
end

local counts = 11 + 2 * tonumber(ARGV[9])
local waits = counts + 3 * tonumber(ARGV[10])
for at = counts, waits - 1, 3 do
  redis.call('HINCRBY', 'ringback:joined:' .. ARGV[at], ARGV[at + 1], ARGV[at + 2])
end

if ARGV[7] == '1' then
  redis.call('DEL', KEYS[2], KEYS[3])
  if counts > 11 then
    redis.call('HSET', KEYS[2], unpack(ARGV, 11, counts - 1))
  end
  -- What is unpacked at once must fit on Lua's stack.
  for first = waits, #ARGV, 2000 do
    redis.call('HSET', KEYS[3], unpack(ARGV, first, math.min(first + 1999, #ARGV)))
  end
end
return 1
