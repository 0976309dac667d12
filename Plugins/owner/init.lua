-- What owners may do, and who owns a room when its owner has gone: whoever has been there longest.

roost.on("owner", function(e)
  local next = e.candidates[1]
  if not next then return end
  e.room:system("owner.new", { name = next.name })
  return roost.value(next)
end)

-- A command for owners about somebody else in the room.
local function about(name, args, help, act)
  roost.command(name, { args = args, role = "owner", help = help }, function(c)
    if c.args.who == c.user then
      c:reply(roost.t("yourself", {}, c.user.locale))
    else
      act(c, c.args.who)
    end
  end)
end

about("kick", "<who:user> [why:text]", "Asks somebody to leave.", function(c, who)
  who:kick { reason = c.args.why }
end)

about("ban", "<who:user> [for:duration=1d] [why:text]", "Keeps somebody out for a while.", function(c, who)
  who:ban { seconds = c.args["for"], reason = c.args.why }
end)

about("mute", "<who:user> [for:duration=10m] [why:text]", "Somebody cannot speak for a while.", function(c, who)
  who:mute { seconds = c.args["for"], reason = c.args.why }
  who:tell(roost.t("muted", {}, who.locale))
end)

about("unmute", "<who:user>", "Lets somebody speak again.", function(_, who)
  who:unmute()
end)

about("owner", "<who:user>", "Makes somebody else the owner.", function(c, who)
  c.room:transfer(who)
  c.room:system("owner.new", { name = who.name })
end)

roost.command("topic", { args = "[topic:text]", role = "owner", help = "Says what the room is about." }, function(c)
  c.room:set { topic = c.args.topic or "" }
end)

roost.command("slow", { args = "<seconds:int>", role = "owner", help = "One message per person in so many seconds." }, function(c)
  c.room:set { slow = c.args.seconds }
end)

-- What another plugin holds back, and people who knock: owners are told the id.
roost.command("approve", { args = "<id:word>", role = "owner", help = "Lets through what waits." }, function(c)
  roost.approve(c.args.id)
end)

roost.command("refuse", { args = "<id:word> [why:text]", role = "owner", help = "Drops what waits." }, function(c)
  roost.refuse(c.args.id, c.args.why)
end)
