-- Keeps banned words, floods, repeats, newcomers' links and flashing GIFs out of the rooms, and raids at the door.
--
-- Whoever goes on gets strikes, and is muted for a while when there are too many. Moderators and owners are not watched.
-- What it looks for is a file each; the settings are in plugin.json.

local flood = require "flood"
local words = require "words"
local links = require "links"
local gifs = require "gifs"
local raid = require "raid"

-- The first of the checks that has something to say decides.
local function check(e, text)
  if e.user:has("moderator") then return end
  return flood.check(e, text) or text and (words.check(e, text) or links.check(e, text))
end

roost.on("chat", function(e) return check(e, e.text) or nil end, { id = "chat", priority = 50 })
-- What is written in later counts like what is written at once, but for floods: nothing new is said.
roost.on("edit", function(e)
  if not e.user or e.user:has("moderator") then return end
  return words.check(e, e.text) or links.check(e, e.text)
end, { id = "edit", priority = 50 })
roost.on("gif", function(e) return check(e, e.caption) or gifs.check(e) end, { id = "gif", priority = 50 })
roost.on("join", raid.check, { id = "join", priority = 50 })
