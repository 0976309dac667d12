-- /remind 10m the tea, /remind Bob in 1h30m the meeting: told in time, even if the server was started again meanwhile.
--
-- Whoever is not in the room when a reminder is due gets it when they come back.

local span = require "span"

local ME = { [""] = true, me = true, ["나"] = true }

-- "Bob in 1h the meeting" → "Bob", 3600, "the meeting"; nil if it is not that.
local function parse(text)
  local who, time, what = (" " .. text):match("^%s*(.-)%sin%s+(%S+)%s+(.+)$")
  if not span.parse(time or "") then
    who, time, what = "", text:match("^(%S+)%s+(.+)$")
  end
  local seconds = span.parse(time or "")
  if seconds then return who, seconds, what end
end

local function find(room, name)
  name = name:gsub("^@", ""):lower()
  for user in room:users() do
    if user.name:lower() == name then return user end
  end
end

-- Reminders are scheduled by who asked for them: everyone can list and cancel their own.
local function own(user) return roost.scheduled(user.id .. ":") end

local function key(user) return ("%s:%d"):format(user.id, user:data():incr("count")) end

local function say(c, key, values) c:reply(roost.t(key, values or {}, c.user.locale)) end

local function remind(c, text)
  local who, seconds, what = parse(text)
  if not who then return say(c, "usage") end
  local user = ME[who:lower()] and c.user or find(c.room, who)
  if not user then return say(c, "nobody", { name = who }) end
  if seconds < 1 or seconds > roost.config.longest then
    return say(c, "too.long", { time = span.words(roost.config.longest, c.user.locale) })
  end
  if #own(c.user) >= roost.config.most then return say(c, "too.many", { n = roost.config.most }) end

  local by = user ~= c.user and c.user.name or nil
  roost.schedule { key = key(c.user), after = seconds, event = "due",
    data = { to = user.id, name = user.name, by = by, room = c.room.id, text = what } }
  say(c, by and "set.other" or "set.self", { name = user.name, time = span.words(seconds, c.user.locale) })
end

local function list(c)
  local reminders = own(c.user)
  if #reminders == 0 then return say(c, "none") end
  for i, each in ipairs(reminders) do
    local time = span.words(math.max(1, math.floor(each.at - roost.now())), c.user.locale)
    say(c, each.data.by and "list.other" or "list.self", { n = i, time = time, name = each.data.name, text = each.data.text })
  end
end

local function cancel(c, number)
  local reminder = own(c.user)[number]
  if not reminder then return say(c, "no.such", { n = number }) end
  roost.unschedule(reminder.key)
  say(c, "cancelled", { text = reminder.data.text })
end

roost.command("remind", {
  args = "<what:text>",
  help = "Reminds you or somebody: /remind 10m tea, /remind Bob in 1h tea, /remind list, /remind cancel 1.",
}, function(c)
  local number = c.args.what:match("^cancel%s+(%d+)$")
  if number then return cancel(c, math.tointeger(tonumber(number))) end
  if c.args.what == "list" then return list(c) end
  remind(c, c.args.what)
end)

local function tell(user, reminder, late)
  local text = roost.t(reminder.by and "due.other" or "due.self", { by = reminder.by or "", text = reminder.text }, user.locale)
  if late >= 60 then text = text .. " " .. roost.t("late", { time = span.words(late, user.locale) }, user.locale) end
  user:tell(text)
end

roost.on("schedule:due", function(e)
  local reminder = e.data
  local room = roost.room(reminder.room)
  if not room then return end
  local user = room:user(reminder.to)
  if user then return tell(user, reminder, e.late) end
  reminder.due = roost.now() - e.late
  room:data():update("for " .. reminder.to, function(waiting)
    waiting = waiting or {}
    waiting[#waiting + 1] = reminder
    return waiting
  end, { ttl = roost.config.keep })
end)

roost.after("join", function(e)
  local waiting = e.room:data():get("for " .. e.user.id)
  if not waiting then return end
  e.room:data():delete("for " .. e.user.id)
  for _, reminder in ipairs(waiting) do tell(e.user, reminder, math.floor(roost.now() - reminder.due)) end
end)
