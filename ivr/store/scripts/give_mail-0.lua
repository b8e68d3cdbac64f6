-- Write where mail about a callback goes, or that none is wanted.
--
-- Input
--   ARGV[1]  id of the callback
--   ARGV[2]  where it goes (JSON: store.mail.MailTo), or ''
--   ARGV[3]  only while it goes to this address, where one is named
-- Output
--   1   written
--   -2  there is no such callback
local key = 'ringback:callback:' .. ARGV[1]
if redis.call('EXISTS', key) == 0 then
  return -2
end
if ARGV[2] ~= '' then
  redis.call('HSET', key, 'mail', ARGV[2])
  return 1
end
local known = redis.call('HGET', key, 'mail')
local only = ARGV[3] or ''
if known and (only == '' or cjson.decode(known).address == only) then
  redis.call('HDEL', key, 'mail')
end
return 1
