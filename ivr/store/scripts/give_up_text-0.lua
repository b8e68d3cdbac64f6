-- A text of somebody's could not be answered; nothing is changed where it was after all.
--
-- Input
--   ARGV[1]  the carrier's id of it
-- Output
--   1 it may be answered by whoever is told of it, 0 it was answered
local answered = 'ringback:answered:' .. ARGV[1]
if redis.call('GET', answered) == 'done' then
  return 0
end
redis.call('DEL', answered)
return 1
