-- What moderators and owners may do, as commands, and who owns a room when its owner has gone: whoever has been there longest.
--
-- Commands are done in the name of whoever gives them (`by = c.user`): the room lets nobody act against those above them.

roost.on("owner", function(e)
  local next = e.candidates[1]
  if not next then return end
  e.room:system("owner.new", { name = next.name })
  return roost.value(next)
end)

-- Whoever is muted is told by whom, however that was done.
roost.after("mute", function(e)
  if e.user and e.target then e.target:tell(roost.t("muted", { name = e.user.name }, e.target.locale)) end
end)

-- A command about somebody else in the room.
local function about(role, name, args, help, act)
  roost.command(name, { args = args, role = role, help = help }, function(c)
    if c.args.who == c.user then
      c:reply(roost.t("yourself", {}, c.user.locale))
    else
      act(c, c.args.who)
    end
  end)
end

about("moderator", "kick", "<who:user> [why:text]", "Asks somebody to leave.", function(c, who)
  who:kick { reason = c.args.why, by = c.user }
end)

about("owner", "ban", "<who:user> [for:duration=1d] [why:text]", "Keeps somebody out for a while.", function(c, who)
  who:ban { seconds = c.args["for"], reason = c.args.why, by = c.user }
end)

about("moderator", "mute", "<who:user> [for:duration=10m] [why:text]", "Somebody cannot speak for a while.", function(c, who)
  who:mute { seconds = c.args["for"], reason = c.args.why, by = c.user }
end)

about("moderator", "unmute", "<who:user>", "Lets somebody speak again.", function(_, who)
  who:unmute()
end)

about("owner", "owner", "<who:user>", "Makes somebody else the owner.", function(c, who)
  c.room:transfer(who)
  c.room:system("owner.new", { name = who.name })
end)

roost.command("topic", { args = "[topic:text]", role = "owner", help = "Says what the room is about." }, function(c)
  c.room:set { topic = c.args.topic or "" }
end)

roost.command("slow", { args = "<seconds:int>", role = "owner", help = "One message per person in so many seconds." }, function(c)
  c.room:set { slow = c.args.seconds }
end)

-- What another plugin holds back, and people who knock: moderators are told the id.
roost.command("approve", { args = "<id:word>", role = "moderator", help = "Lets through what waits." }, function(c)
  roost.approve(c.args.id)
end)

roost.command("refuse", { args = "<id:word> [why:text]", role = "moderator", help = "Drops what waits." }, function(c)
  roost.refuse(c.args.id, c.args.why)
end)
