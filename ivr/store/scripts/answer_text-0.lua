-- Somebody's text is answered: what was written is kept, the answer is in the outbox.
--
-- Input
--   ARGV[1]  the carrier's id of it
--   ARGV[2]  the number that it came from
--   ARGV[3]  how far we are with them (JSON of store.conversations.Conversation)
--   ARGV[4]  the answer (JSON: see parts/texts.lua), or ''
--   ARGV[5]  the callback that it is a note on
--   ARGV[6]  the note (JSON of store.conversations.Note), or ''
--   ARGV[7]  now
--   ARGV[8]  the callback of which the answer tells a time, or '': what was heard of it before is
--            forgotten, and found again in the outbox
-- Output
--   1 written, 0 it had been answered before, and nothing is changed
-- with: texts

local answered = 'ringback:answered:' .. ARGV[1]
if redis.call('GET', answered) == 'done' then
  return 0
end
if ARGV[6] ~= '' then
  local notes = 'ringback:notes:' .. ARGV[5]
  if redis.call('HLEN', notes) < @MOST_NOTES@ then
    redis.call('HSET', notes, ARGV[1], ARGV[6])
    redis.call('EXPIRE', notes, @CALLBACK_LIFETIME@)
  end
end
if ARGV[4] ~= '' then
  want_text(cjson.decode(ARGV[4]), tonumber(ARGV[7]))
end
if ARGV[8] ~= '' then
  redis.call('HDEL', 'ringback:heard', ARGV[8])
end
-- Last: whatever fails before may be done again.
redis.call('SET', answered, 'done', 'EX', @ANSWERED_LIFETIME@)
redis.call('SET', 'ringback:conversation:' .. ARGV[2], ARGV[3], 'EX', @CONVERSATION_LIFETIME@)
return 1
