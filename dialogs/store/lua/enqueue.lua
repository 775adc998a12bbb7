-- Append a message to the queue of its recipient unless it waits there already.
-- KEYS  1 recipients by due time  2 queue of the recipient  3 ids enqueued there
-- ARGV  1 now  2 recipient  3 id  4 message
if redis.call('SADD', KEYS[3], ARGV[3]) == 0 then
  return
end
if redis.call('RPUSH', KEYS[2], ARGV[4]) == 1 then
  redis.call('ZADD', KEYS[1], ARGV[1], ARGV[2])
end
