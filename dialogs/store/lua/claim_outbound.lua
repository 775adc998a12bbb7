-- Due recipients, longest due first, leased to the caller: {{recipient, attempts, {message ...}} ...}.
-- KEYS  1 recipients by due time  2 attempts by recipient
-- ARGV  1 now  2 end of the lease  3 how many recipients  4 what the queues' keys begin with
local reply = {}
for _, to in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])) do
  redis.call('ZADD', KEYS[1], ARGV[2], to)
  reply[#reply + 1] = {
    to,
    tonumber(redis.call('HGET', KEYS[2], to) or 0),
    redis.call('LRANGE', ARGV[4] .. to, 0, -1),
  }
end
return reply
