-- Keeps banned words and floods out of the rooms, and mutes whoever goes on.
--
-- Words are compared after folding: letters that only look different, accents, and marks between letters do not help.
-- Moderators and owners are not watched.

local config = roost.config

local words = roost.text.matcher(config.banned, {
  fold = "confusables",
  whole_word = true,
  separators = true,
  allow = config.allowed,
})

-- Counts a strike against the author. The one that is too many mutes them.
local function strike(e)
  local strikes = e.user:data():incr("strikes", 1, { ttl = 3600 })
  e:note("strikes", strikes)
  if strikes >= config.mute_after then
    e.user:data():delete("strikes")
    e.user:mute { seconds = config.mute_for, reason = roost.t("reason", {}, e.user.locale) }
  end
end

local function refuse(e, key, options)
  options = options or {}
  options.reason = roost.t(key, {}, e.user.locale)
  return roost.drop(options)
end

-- Too much at once may be what was written while the network was away: it is slowed down. Whoever goes on gets a strike.
local function flood(e, wait)
  if not roost.limit("flooding " .. e.user.id, config.flood_messages, 60) then strike(e) end
  return refuse(e, "flood", { code = "rate", retry_after = wait })
end

-- What the author said is not shown, so the strike must be counted although the message is dropped: effects of a handler
-- happen with its verdict, whatever it is.
local function check(e, text)
  if e.user:has("moderator") then return end
  local ok, wait = roost.limit(e.user.id, config.flood_messages, config.flood_seconds)
  if not ok then return flood(e, wait) end
  local word = text and words:find(text)
  if word then
    e:note("word", word)
    strike(e)
    return refuse(e, "word")
  end
end

roost.on("chat", function(e) return check(e, e.text) end, { id = "chat", priority = 50 })
roost.on("gif", function(e) return check(e, e.caption) end, { id = "gif", priority = 50 })
