-- People who are to be rung back are told of their wait: what they have heard and the text, in one.
--
-- Input
--   ARGV[1]  a list (JSON) of: place, before and after (JSON of store.heard.Known, `before` '' where
--            nothing was known), text (see parts/texts.lua) where there is one
--   ARGV[2]  now
-- Output
--   for each 1 where it was written, or 0
-- with: texts

local now, done = tonumber(ARGV[2]), {}
for at, one in ipairs(cjson.decode(ARGV[1])) do
  done[at] = 0
  local waits = redis.call('HGET', 'ringback:place:' .. one.place, 'state') == 'waiting'
  local known = redis.call('HGET', 'ringback:heard', one.place) or ''
  if known == one.before and (waits or not one.text)
      and (not one.text or want_text(one.text, now)) then
    redis.call('HSET', 'ringback:heard', one.place, one.after)
    done[at] = 1
  end
end
return done
