-- Spans of time: read from what people type, and said in their language.

local span = {}

local UNITS = { s = 1, m = 60, h = 3600, d = 86400, w = 7 * 86400 }

-- "1h30m" → 5400; nil if it is no time.
function span.parse(text)
  local total = 0
  repeat
    local count, unit, rest = text:match("^(%d+)([smhdw])(.*)$")
    if not count then return nil end
    total = total + tonumber(count) * UNITS[unit]
    text = rest
  until text == ""
  return total
end

local SAID = { { "days", 86400 }, { "hours", 3600 }, { "minutes", 60 }, { "seconds", 1 } }

-- 5400 → "1 hour 30 minutes": the two largest units.
function span.words(seconds, locale)
  local words = {}
  for _, unit in ipairs(SAID) do
    local key, size = unit[1], unit[2]
    if seconds >= size and #words < 2 then
      words[#words + 1] = roost.t(key, { n = seconds // size }, locale)
      seconds = seconds % size
    end
  end
  return table.concat(words, " ")
end

return span
