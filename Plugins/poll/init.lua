-- /poll "Lunch?" pizza | sushi | salad asks the room, and /vote 2 answers. Everyone has one vote and may change it.
--
-- The message with the question shows how the votes stand. Polls end by themselves, by /poll close, and not by a restart.

local tally = require "tally"

-- A room's poll is { by =, question =, options = {…}, votes = { [user id] = number }, message = what room:edit knows it by }.
local function polls(room) return room:data() end

local function say(c, key, values) c:reply(roost.t(key, values or {}, c.user.locale)) end

-- What the room sees of a poll; in the server's language, since everyone sees the same message.
local function shown(poll, is_open)
  local lines, total = tally.lines(poll)
  return ("📊 %s\n%s\n%s"):format(poll.question, lines, roost.t(is_open and "open" or "over", { n = total }))
end

-- Shows the votes at most once in a while, however fast people vote: the message is written anew.
local pending = {}

local function show(room)
  local id = room.id
  if pending[id] then return end
  pending[id] = true
  roost.timer { after = roost.config.show_every }(function()
    pending[id] = nil
    local room = roost.room(id)
    local poll = room and polls(room):get("poll")
    if poll then room:edit(poll.message, shown(poll, true)) end
  end)
end

local function close(room)
  local poll = polls(room):get("poll")
  if not poll then return end
  polls(room):delete("poll")
  roost.unschedule(room.id)
  room:edit(poll.message, shown(poll, false))
  local winners, most = tally.winners(poll)
  local key = #winners == 0 and "closed.nobody" or #winners == 1 and "closed.winner" or "closed.tie"
  room:system(key, { question = poll.question, winner = table.concat(winners, ", "), n = most })
end

-- "pizza | sushi for 1h" → { "pizza", "sushi" }, 3600
local UNITS = { s = 1, m = 60, h = 3600, d = 86400 }

local function parse(text)
  local seconds = roost.config.open_for
  local rest, count, unit = text:match("^(.-)%s+for%s+(%d+)([smhd])$")
  if rest then text, seconds = rest, tonumber(count) * UNITS[unit] end
  local options = {}
  for option in text:gmatch("[^|]+") do
    option = option:match("^%s*(.-)%s*$")
    if option ~= "" then options[#options + 1] = option end
  end
  return options, seconds
end

local function open(c, question, text)
  local options, seconds = parse(text)
  if #options < 2 or #options > roost.config.most_options then return say(c, "options", { n = roost.config.most_options }) end
  if seconds > roost.config.longest then return say(c, "too.long") end
  if polls(c.room):get("poll") then return say(c, "already") end

  local poll = {
    by = c.user.id, question = question, options = options, votes = {},
    message = ("poll %d"):format(polls(c.room):incr("count", 1)),
  }
  polls(c.room):set("poll", poll)
  roost.schedule { key = c.room.id, after = seconds, event = "close" }
  c.room:say(shown(poll, true), { id = poll.message })
end

roost.on("schedule:close", function(e)
  local room = roost.room(e.key)
  if room then close(room) end
end)

roost.command("poll", {
  args = "<question> [options:text]",
  help = 'Asks the room: /poll "Lunch?" pizza | sushi for 10m; ends it: /poll close.',
}, function(c)
  if c.args.question ~= "close" or c.args.options then return open(c, c.args.question, c.args.options or "") end
  local poll = polls(c.room):get("poll")
  if not poll then return say(c, "none") end
  if poll.by ~= c.user.id and not c.user:has("moderator") then return say(c, "not.yours") end
  close(c.room)
end)

roost.command("vote", { args = "<choice:int>", help = "Votes in the room's poll: /vote 2." }, function(c)
  local choice = c.args.choice
  local poll = polls(c.room):update("poll", function(poll)
    if poll and poll.options[choice] then poll.votes[c.user.id] = choice end
    return poll
  end)
  if not poll then return say(c, "none") end
  if not poll.options[choice] then return say(c, "choices", { n = #poll.options }) end
  say(c, "voted", { choice = poll.options[choice] })
  show(c.room)
end)
