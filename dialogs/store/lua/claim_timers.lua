-- Due timers, longest due first, leased to the caller: {timer, the time it was set for, ...}.
-- KEYS  1 timers of all
-- ARGV  1 now  2 end of the lease  3 how many  4 what the keys of a conversation's timers begin with
local reply = {}
for _, timer in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])) do
  redis.call('ZADD', KEYS[1], ARGV[2], timer)
  reply[#reply + 1] = timer
  reply[#reply + 1] = redis.call('HGET', ARGV[4] .. cmsgpack.unpack(timer)[1], timer)
end
return reply
