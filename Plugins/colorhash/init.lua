-- Gives everyone a colour: the one that the library color-hash makes of their colour seed.
--
-- The seed is random and belongs to the person's cookie, so a colour stays the same from room to room and gives nothing
-- away. Set `algorithm` to "v1" for the colours of color-hash 1.x.

local hash = require "hash"

roost.on("color", function(e)
  if roost.config.algorithm == "v1" then return roost.value(hash.v1(e.seed)) end
  return roost.value(hash.v2(e.seed, roost.crypto.sha256_hex))
end)
