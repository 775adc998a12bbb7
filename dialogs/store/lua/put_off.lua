-- Sending the first message of a recipient failed: due again later, one attempt more.
-- KEYS  1 recipients by due time  2 attempts by recipient
-- ARGV  1 due time  2 recipient
if redis.call('ZSCORE', KEYS[1], ARGV[2]) then
  redis.call('ZADD', KEYS[1], ARGV[1], ARGV[2])
  redis.call('HINCRBY', KEYS[2], ARGV[2], 1)
end
