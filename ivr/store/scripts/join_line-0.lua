-- Let somebody into the line, and give them to an agent who is idle.
--
-- Input
--   ARGV[1]  the place (JSON): id, queue, kind, call, order, boost, first, record, number
--   ARGV[2]  now
-- Output
--   1  in the line, or with an agent already
--   0  they stand there: nothing is changed
-- with: line

return join(cjson.decode(ARGV[1]), tonumber(ARGV[2])) and 1 or 0
