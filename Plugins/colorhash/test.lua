local hash = require "hash"

-- text, 2.x, 1.x; computed with the library itself.
local KNOWN = {
  { "", "#535dac", "#3a783a" },
  { "a", "#d2c679", "#966ce0" },
  { "Hello World", "#7984d2", "#8796c5" },
  { "hello", "#1f932d", "#bf40a1" },
  { "roost", "#d22d98", "#772dd2" },
  { "alice", "#90d22d", "#8e79d2" },
  { "bob", "#e06c72", "#c5bf87" },
  { "조현영", "#6cd4e0", "#93501f" },
  { "가나다", "#2d5c86", "#d29a79" },
  { "😀", "#937e1f", "#3a785e" },
  { "system", "#c587b6", "#552d86" },
  { "0", "#49862d", "#e06cd6" },
}

local function sha256(t)
  return function(text) return t:sha256(text) end
end

test("known texts have the library's colours", function(t)
  for _, row in ipairs(KNOWN) do
    local text, v2, v1 = table.unpack(row)
    assert(hash.v2(text, sha256(t)) == v2, text .. " v2 is " .. hash.v2(text, sha256(t)))
    assert(hash.v1(text) == v1, text .. " v1 is " .. hash.v1(text))
  end
end)

test("ten thousand texts have the library's colours", function(t)
  local v1, v2 = {}, {}
  for i = 0, 9999 do
    v1[#v1 + 1] = hash.v1("u" .. i) .. "\n"
    v2[#v2 + 1] = hash.v2("u" .. i, sha256(t)) .. "\n"
  end
  assert(t:sha256(table.concat(v2)) == "a277784c0ee6a5e2bba84d979efa627c160a7ec33dbadf882a6f227027042304")
  assert(t:sha256(table.concat(v1)) == "551249a7f6db6eee81f87745b2311a58b7eb7d125d04342ca1ee507a401f0e4b")
end)

test("every colour there is comes out exactly", function(t)
  local lines = {}
  for h = 0, 358 do
    for _, s in ipairs { 0.35, 0.5, 0.65 } do
      for _, l in ipairs { 0.35, 0.5, 0.65 } do lines[#lines + 1] = h .. "," .. s .. "," .. l .. "=" .. hash.rgb(h, s, l) .. "\n" end
    end
  end
  assert(t:sha256(table.concat(lines)) == "fdcee29832b30f60a925242438b5f8ab0a80faed037694efab4c3d4a6a1dcb5d")
end)

test("people get the colour of their seed", function(t)
  local ann = t:user("ann", { seed = "alice" }):join(t:room())
  assert(ann.color == "#90d22d", ann.color)
end)

test("the colours of 1.x can be had", { config = { algorithm = "v1" } }, function(t)
  local ann = t:user("ann", { seed = "alice" }):join(t:room())
  assert(ann.color == "#8e79d2", ann.color)
end)
