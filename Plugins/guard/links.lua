-- Links of people who have just come, unless they lead to a host that is trusted.

local strikes = require "strikes"

local config = roost.config
local links = {}

-- example.org trusts www.example.org, too.
local function is_trusted(host)
  host = host:lower()
  for _, trusted in ipairs(config.trusted_hosts) do
    trusted = trusted:lower()
    if host == trusted or host:sub(-#trusted - 1) == "." .. trusted then return true end
  end
  return false
end

function links.check(e, text)
  local here = e.user.seconds_here or 0
  if here >= config.links_after then return end
  for _, link in ipairs(roost.text.links(text)) do
    if not is_trusted(link.host) then
      e:note("link", link.host)
      return strikes.refuse(e, "links", { retry_after = config.links_after - here })
    end
  end
end

return links
