-- Too many messages at once, and the same one again and again.

local strikes = require "strikes"

local config = roost.config
local flood = {}

-- Too much at once may be what was written while the network was away: it is slowed down. Whoever goes on gets a strike.
local function slow(e, wait)
  if not roost.limit("flooding " .. e.user.id, config.flood_messages, 60) then strikes.add(e, "flood") end
  return strikes.refuse(e, "flood", { code = "rate", retry_after = wait })
end

function flood.check(e, text)
  local ok, wait = roost.limit(e.user.id, config.flood_messages, config.flood_seconds)
  if not ok then return slow(e, wait) end
  if not text or config.repeats == 0 then return end
  -- Folded, so that another capital or a stretched word is the same again. The hash keeps the key short.
  local same = roost.crypto.sha256_hex(roost.text.fold(text)):sub(1, 16)
  ok, wait = roost.limit(("again %s %s"):format(e.user.id, same), config.repeats, config.repeat_seconds)
  if not ok then
    strikes.add(e, "again")
    return strikes.refuse(e, "again", { retry_after = wait })
  end
end

return flood
