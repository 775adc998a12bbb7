-- One turn, all or nothing: {verdict, id of each message leased to the caller ...}.
-- Verdict: 0 done, 1 conflict, 2 duplicate.
-- KEYS  1 state  2 marks  3 timers of the conversation  4 timers of all
-- ARGV  1 expected version (8 bytes; empty: a new conversation)  2 new version and state
--       3 mark  4 now  5 marks up to this time are forgotten  6 seconds a state lives
--       7 seconds marks live  8 due time of recipients that had nothing waiting
--       9 '1': those are leased to the caller  10 number of messages  11 number of cancelled timers
--       then per message: channel, recipient, id, message
--       then per cancelled timer: timer
--       then per timer set: timer, due time
-- Numbers pass through as text: Lua would print a time with a few milliseconds missing.
if redis.call('ZSCORE', KEYS[2], ARGV[3]) then
  return { 2 }
end
if redis.call('GETRANGE', KEYS[1], 0, 7) ~= ARGV[1] then
  return { 1 }
end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[6])
redis.call('ZADD', KEYS[2], ARGV[4], ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[5])
redis.call('EXPIRE', KEYS[2], ARGV[7])

local reply = { 0 }
local mine = {}
local at = 12
for _ = 1, tonumber(ARGV[10]) do
  local channel, to = ARGV[at], ARGV[at + 1]
  local queue = 'gooya:queue:' .. channel .. ':' .. to
  if redis.call('RPUSH', queue, ARGV[at + 3]) == 1 then
    redis.call('ZADD', 'gooya:due:' .. channel, ARGV[8], to)
    mine[queue] = true
  end
  if mine[queue] and ARGV[9] == '1' then
    reply[#reply + 1] = ARGV[at + 2]
  end
  at = at + 4
end
for _ = 1, tonumber(ARGV[11]) do
  redis.call('HDEL', KEYS[3], ARGV[at])
  redis.call('ZREM', KEYS[4], ARGV[at])
  at = at + 1
end
while at < #ARGV do
  redis.call('HSET', KEYS[3], ARGV[at], ARGV[at + 1])
  redis.call('ZADD', KEYS[4], ARGV[at + 1], ARGV[at])
  at = at + 2
end
return reply
