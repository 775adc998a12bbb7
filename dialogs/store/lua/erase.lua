-- Remove state, marks and timers of a conversation.
-- KEYS  1 state  2 marks  3 timers of the conversation  4 timers of all
for _, timer in ipairs(redis.call('HKEYS', KEYS[3])) do
  redis.call('ZREM', KEYS[4], timer)
end
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
