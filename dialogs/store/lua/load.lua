-- What a turn starts from, read at one instant: {versioned state or nil, 1 if the mark is known}.
-- KEYS  1 state  2 marks
-- ARGV  1 mark
local seen = redis.call('ZSCORE', KEYS[2], ARGV[1])
return { redis.call('GET', KEYS[1]), seen and 1 or 0 }
