-- Forget messages of a recipient; what is left of it is due now. Ids that are gone change nothing,
-- so a sender that lost its lease cannot end the lease of the one that has it now.
-- A receipt is kept all the same: what was posted last has it.
-- KEYS  1 recipients by due time  2 attempts by recipient  3 queue of the recipient
--       4 ids enqueued there  5 receipt of the recipient
-- ARGV  1 now  2 recipient  3 seconds a receipt lives (0: there is none)  4 receipt  then the ids
if ARGV[3] ~= '0' then
  redis.call('SET', KEYS[5], ARGV[4], 'EX', ARGV[3])
end
local gone = {}
local all = #ARGV - 4
for i = 5, #ARGV do
  gone[ARGV[i]] = true
end
local removed = 0
local at = 0
-- They mostly stand at the head of the queue: a long one is not read to its end.
while removed < all do
  local message = redis.call('LINDEX', KEYS[3], at)
  if not message then
    break
  end
  local id = cmsgpack.unpack(message)[1]
  if gone[id] then
    redis.call('LREM', KEYS[3], 1, message)
    redis.call('SREM', KEYS[4], id)
    removed = removed + 1
    if at == 0 then
      redis.call('HDEL', KEYS[2], ARGV[2]) -- attempts count for the first message only
    end
  else
    at = at + 1
  end
end
if removed == 0 then
  return
end
if redis.call('EXISTS', KEYS[3]) == 1 then
  redis.call('ZADD', KEYS[1], ARGV[1], ARGV[2])
else
  redis.call('ZREM', KEYS[1], ARGV[2])
end
