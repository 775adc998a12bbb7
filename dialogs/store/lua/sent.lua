-- Forget messages of a recipient; what is left of it is due now. Ids that are gone change nothing,
-- so a sender that lost its lease cannot end the lease of the one that has it now.
-- KEYS  1 recipients by due time  2 attempts by recipient  3 queue of the recipient
-- ARGV  1 now  2 recipient  then the ids
local gone = {}
for i = 3, #ARGV do
  gone[ARGV[i]] = true
end
local removed = 0
local waiting = redis.call('LRANGE', KEYS[3], 0, -1)
for i, message in ipairs(waiting) do
  if gone[cmsgpack.unpack(message)[1]] then
    redis.call('LREM', KEYS[3], 1, message)
    removed = removed + 1
    if i == 1 then
      redis.call('HDEL', KEYS[2], ARGV[2]) -- attempts count for the first message only
    end
  end
end
if removed == 0 then
  return
end
if removed < #waiting then
  redis.call('ZADD', KEYS[1], ARGV[1], ARGV[2])
else
  redis.call('ZREM', KEYS[1], ARGV[2])
end
