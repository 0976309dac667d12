-- Words that are not said here. They are compared after folding: letters that only look different, accents, Hangul written
-- letter by letter, and marks between letters do not help.

local strikes = require "strikes"

local words = {}

local banned

local function read_settings()
  banned = roost.text.matcher(roost.config.banned, {
    fold = "confusables",
    whole_word = true,
    separators = true,
    allow = roost.config.allowed,
  })
end

read_settings()
roost.on("config_changed", read_settings)

function words.check(e, text)
  local word = banned:find(text)
  if not word then return end
  e:note("word", word)
  strikes.add(e, "word")
  return strikes.refuse(e, "word")
end

return words
