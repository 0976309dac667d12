-- Greets people the first time they enter a room, in their own language. Nobody else sees it.

roost.after("join", function(e)
  local seen = e.room:data()
  if seen:get(e.user.id) then return end
  -- Whom the store has no room for is greeted again the next time.
  pcall(seen.set, seen, e.user.id, true, { ttl = 30 * 24 * 3600 })

  local text = roost.config.text
  if text == "" then
    text = roost.t("welcome", { name = e.user.name, room = e.room.title }, e.user.locale)
  end
  e:reply(text)
end)
