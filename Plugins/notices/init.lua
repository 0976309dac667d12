-- Says in the room who has come and who has gone, and why.
--
-- The words are in locales/; everyone reads them in their own language.

roost.after("join", function(e)
  e.room:system("join", { name = e.user.name })
end)

-- Reasons that need no words: when the server stops, everyone goes.
local SILENT = { shutdown = true, crash = true, room_removed = true }

roost.after("exit", function(e)
  if not SILENT[e.reason] then e.room:system("exit." .. e.reason, { name = e.user.name }) end
end)
