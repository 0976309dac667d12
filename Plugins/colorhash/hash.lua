-- The colours of the JavaScript library color-hash, exactly: `v1` those of its versions 1.x, `v2` those of 2.x.
--
-- A text is hashed to a whole number, that chooses one of 359 hues, three saturations and three lightnesses: 3,231 colours.

local hash = {}

local LEVELS = { 0.35, 0.5, 0.65 }

-- One channel of a colour given by hue; t is the hue (0…1) shifted by a third for red and blue.
local function channel(p, q, t)
  if t < 0 then t = t + 1 elseif t > 1 then t = t - 1 end
  local value = p
  if t < 1 / 6 then
    value = p + (q - p) * 6 * t
  elseif t < 1 / 2 then
    value = q
  elseif t < 2 / 3 then
    value = p + (q - p) * 6 * (2 / 3 - t)
  end
  return math.floor(value * 255 + 0.5)
end

-- Hue in degrees, saturation and lightness from 0 to 1 → "#rrggbb".
function hash.rgb(h, s, l)
  h = h / 360
  local q = l < 0.5 and l * (1 + s) or l + s - l * s
  local p = 2 * l - q
  return ("#%02x%02x%02x"):format(channel(p, q, h + 1 / 3), channel(p, q, h), channel(p, q, h - 1 / 3))
end

-- The first 32 bits of SHA-256. Where 1.x cut fractions off, 2.x rounds them up.
function hash.v2(text, sha256_hex)
  local h = tonumber(sha256_hex(text):sub(1, 8), 16)
  local a = (h + 359) // 360
  local b = (a + 2) // 3
  return hash.rgb(h % 359, LEVELS[a % 3 + 1], LEVELS[b % 3 + 1])
end

-- The units of UTF-16, as JavaScript counts characters.
local function each_unit(text, visit)
  for _, code in utf8.codes(text) do
    if code < 0x10000 then
      visit(code)
    else
      code = code - 0x10000
      visit(0xD800 + (code >> 10))
      visit(0xDC00 + (code & 0x3FF))
    end
  end
end

-- BKDR, kept within the whole numbers that a JavaScript number can hold.
function hash.v1(text)
  local h = 0
  each_unit(text .. "x", function(unit)
    if h > 9007199254740991 // 137 then h = h // 137 end
    h = h * 131 + unit
  end)
  local a = h // 360
  local b = a // 3
  return hash.rgb(h % 359, LEVELS[a % 3 + 1], LEVELS[b % 3 + 1])
end

return hash
