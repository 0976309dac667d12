-- Raids: many newcomers within a few seconds. The room's shield goes up then, and newcomers knock until it comes down again:
-- moderators let them in one by one. `guard shield on` in the console does it by hand.

local config = roost.config
local raid = {}

-- Room id, or "*" for every room → when the shield comes down. Carried over reloads.
roost.keep.shields = roost.keep.shields or {}
local shields = roost.keep.shields

local function is_up(id)
  local till = shields[id]
  if till and till <= roost.now() then shields[id] = nil end
  return shields[id] ~= nil
end

local function raise(room)
  shields[room.id] = roost.now() + config.shield_for
  roost.metric.count("raids")
  roost.alert("raid", { room = room, text = roost.t("raid", { room = room.title, n = config.raid_joins, seconds = config.raid_seconds }) })
end

function raid.check(e)
  if e.resumed or e.user:has("moderator") then return end
  if not is_up("*") and not is_up(e.room.id) then
    if config.raid_joins == 0 then return end
    if roost.limit("joins " .. e.room.id, config.raid_joins, config.raid_seconds) then return end
    raise(e.room)
  end
  return roost.hold { reason = roost.t("shield", {}, e.user.locale), ttl = 120 }
end

roost.console("shield", {
  args = "<state:choice(on|off)> [room:room] [for:duration=10m]",
  help = "Has newcomers knock, in a room or in all of them.",
}, function(c)
  local room = c.args.room
  local id, where = "*", "every room"
  if room then id, where = room.id, room.title end
  if c.args.state == "off" then
    shields[id] = nil
    return c:print("The shield of %s is down.", where)
  end
  shields[id] = roost.now() + c.args["for"]
  c:print("The shield of %s is up: newcomers knock.", where)
end)

roost.console("shields", { help = "The shields that are up, and for how long." }, function(c)
  local rows = { { "Room", "Seconds left" } }
  for id, till in pairs(shields) do
    if is_up(id) then rows[#rows + 1] = { id, math.ceil(till - roost.now()) } end
  end
  if #rows == 1 then return c:print("No shield is up.") end
  c:table(rows)
end)

return raid
