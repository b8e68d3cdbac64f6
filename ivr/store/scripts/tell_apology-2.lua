-- An apology is heard: once, and nobody else gives it.
--
-- Input
--   KEYS[1]  ringback:apologise:SUBJECT
--   KEYS[2]  ringback:events
--   ARGV[1]  now
--   ARGV[2]  events kept
--   ARGV[3]  events that tell of it (a JSON list)
-- Output
--   1   it was owed, and is told of
--   0   none is owed (any more)

if redis.call('DEL', KEYS[1]) == 0 then
  return 0
end
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[2], '*',
  'at', ARGV[1], 'call', '', 'events', ARGV[3])
return 1
