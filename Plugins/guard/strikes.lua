-- Strikes: how often somebody was stopped lately. One is forgotten every strike_decay; the one that is too many mutes.

local config = roost.config
local strikes = {}

-- How many a person has now.
function strikes.of(user)
  local kept = user:data():get("strikes")
  if not kept then return 0 end
  return math.max(0, kept.n - math.floor((roost.now() - kept.at) / config.strike_decay))
end

-- One more for the author of an event. What they did is not shown, but it is counted: effects of a handler happen with its
-- verdict, whatever that is.
function strikes.add(e, why)
  local n = strikes.of(e.user) + 1
  e:note("strikes", n)
  roost.metric.count("strikes", 1, { why = why })
  roost.emit("guard:strike", { user = e.user, room = e.room, strikes = n, why = why })
  if n < config.mute_after then
    e.user:data():set("strikes", { n = n, at = roost.now() }, { ttl = n * config.strike_decay })
    return
  end
  e.user:data():delete("strikes")
  e.user:mute { seconds = config.mute_for, reason = roost.t("reason", {}, e.user.locale) }
end

-- The verdict that tells the author why, in their language.
function strikes.refuse(e, key, options)
  options = options or {}
  options.reason = roost.t(key, {}, e.user.locale)
  roost.metric.count("refused", 1, { why = key })
  return roost.drop(options)
end

return strikes
