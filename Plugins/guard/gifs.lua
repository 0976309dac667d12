-- GIFs that flash more than three times in a second can cause seizures (WCAG 2.3.1). By the setting they are shown still, until
-- somebody wants them to move, or not at all.

local strikes = require "strikes"

local gifs = {}

local MOST_FLASHES = 3

function gifs.check(e)
  local flashes = e.gif.flashes_per_second
  if roost.config.flashing == "allow" or flashes <= MOST_FLASHES then return end
  e:note("flashes", flashes)
  roost.metric.count("flashing")
  if roost.config.flashing == "drop" then return strikes.refuse(e, "flashing") end
  return roost.modify { still = true }
end

return gifs
