-- Have a text sent, by itself.
--
-- Input
--   ARGV[1]  the text (JSON): see parts/texts.lua
--   ARGV[2]  now
-- Output
--   1   written
--   0   there is one of this id already
-- with: texts

return want_text(cjson.decode(ARGV[1]), tonumber(ARGV[2])) and 1 or 0
