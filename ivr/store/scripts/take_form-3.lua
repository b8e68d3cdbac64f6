-- Let the page `Call me back` be accepted once more, within an hour's limits.
--
-- Input
--   KEYS[1]  ringback:form:accepted
--   KEYS[2]  ringback:form:address:WHO
--   KEYS[3]  ringback:form:tries:WHO
--   ARGV[1]  which form: it counts once, however often it comes
--   ARGV[2]  now
--   ARGV[3]  how often it is accepted in an hour in all
--   ARGV[4]  from one address
--   ARGV[5]  tries of one address in an hour, refused ones counted
--   ARGV[6]  an hour, in seconds
-- Output
--   '' when it is accepted; `address` or `all`, whichever has had enough

local now, within = tonumber(ARGV[2]), tonumber(ARGV[6])

local function counted(key)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - within)
  return redis.call('ZCARD', key)
end

local tries = redis.call('INCR', KEYS[3])
if tries == 1 then
  redis.call('EXPIRE', KEYS[3], within)
end
if tries > tonumber(ARGV[5]) then
  return 'address'
end
local everybody, address = counted(KEYS[1]), counted(KEYS[2])
if redis.call('ZSCORE', KEYS[2], ARGV[1]) then
  return ''
end
if address >= tonumber(ARGV[4]) then
  return 'address'
end
if everybody >= tonumber(ARGV[3]) then
  return 'all'
end
for place = 1, 2 do
  redis.call('ZADD', KEYS[place], now, ARGV[1])
  redis.call('EXPIRE', KEYS[place], within)
end
return ''
