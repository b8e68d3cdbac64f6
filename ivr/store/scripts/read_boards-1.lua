-- How queues stand: the boards as they were last written, and what is known to the second.
--
-- Input
--   KEYS[1]  ringback:boards
--   ARGV     names of queues that are read although they may have no board yet
-- Output
--   a list of {queue, board (JSON) or false, how many wait, how many agents are there}

local names, boards = {}, {}
local written = redis.call('HGETALL', KEYS[1])
for at = 1, #written, 2 do
  names[#names + 1] = written[at]
  boards[written[at]] = written[at + 1]
end
for _, name in ipairs(ARGV) do
  if not boards[name] then
    names[#names + 1] = name
  end
end

local found = {}
for number, name in ipairs(names) do
  found[number] = { name, boards[name] or false,
    redis.call('ZCARD', 'ringback:line:' .. name), redis.call('SCARD', 'ringback:there:' .. name) }
end
return found
