-- Count one use, or only look, unless the window is full: 1 counted or free, 0 refused.
-- The list holds the newest uses, at most as many as the limit: while its last one is inside the
-- window, the limit is spent.
-- KEYS  1 uses, newest first
-- ARGV  1 now  2 uses up to this time are outside the window  3 limit  4 milliseconds the list lives
--       5 1 to count, 0 to look
local oldest = redis.call('LINDEX', KEYS[1], ARGV[3] - 1)
if oldest and tonumber(oldest) > tonumber(ARGV[2]) then
  return 0
end
if ARGV[5] == '0' then
  return 1
end
redis.call('LPUSH', KEYS[1], ARGV[1])
redis.call('LTRIM', KEYS[1], 0, ARGV[3] - 1)
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
