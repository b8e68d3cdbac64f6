-- Take somebody out of the line.
--
-- Input
--   ARGV[1]  id of the place
--   ARGV[2]  why
--   ARGV[3]  now
-- Output
--   1  out of it
--   0  they were not waiting
-- with: line

return leave(ARGV[1], ARGV[2], tonumber(ARGV[3])) and 1 or 0
