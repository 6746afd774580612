-- Keeps the newest position of each agent, for many of them in one round trip.
--
-- KEYS  1 geo set   2 sorted set of agents by when they were last written
--       3.. one hash per agent
-- ARGV  1 channel   2 expiry in seconds   3 now in epoch ms
--       then per agent: id, the position's time in epoch ms, lon, lat, JSON for
--       readers
--
-- Decided here and not by the caller, because batches of several environments
-- arrive in any order. An equal time is no news: a resend changes nothing.
local channel, expiry, now = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local written = 0
for i = 3, #KEYS do
  local a = 4 + (i - 3) * 5
  local id, at, lon, lat, json = ARGV[a], ARGV[a + 1], ARGV[a + 2], ARGV[a + 3], ARGV[a + 4]
  local known = redis.call('HGET', KEYS[i], 'at_ms')
  if not known or tonumber(known) < tonumber(at) then
    redis.call('HSET', KEYS[i], 'at_ms', at, 'lon', lon, 'lat', lat, 'position', json)
    redis.call('EXPIRE', KEYS[i], expiry)
    redis.call('ZADD', KEYS[2], now, id)
    -- The geo index ends short of the poles (85.05112878, Web Mercator).
    if math.abs(tonumber(lat)) <= 85.05112878 then
      redis.call('GEOADD', KEYS[1], lon, lat, id)
    else
      redis.call('ZREM', KEYS[1], id)
    end
    redis.call('PUBLISH', channel, json)
    written = written + 1
  end
end
-- Members of a set cannot expire by themselves. While anyone writes, the stale
-- ones are taken out here; when no one does, the whole sets expire.
local stale = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now - expiry * 1000, 'LIMIT', 0, 500)
if #stale > 0 then
  redis.call('ZREM', KEYS[1], unpack(stale))
  redis.call('ZREM', KEYS[2], unpack(stale))
end
if written > 0 then
  redis.call('EXPIRE', KEYS[1], expiry)
  redis.call('EXPIRE', KEYS[2], expiry)
end
return written
