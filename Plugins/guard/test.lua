local WORDS = { config = { banned = { "darn", "바보" }, allowed = { "darning" } } }

-- A room with its owner in it, and the two who talk.
local function party(t)
  local owner = t:user("olga")
  local room = t:room { owner = owner }
  owner:join(room)
  return t:user("ann"):join(room), t:user("bob"):join(room), owner
end

test("a banned word is dropped, and its author is told", WORDS, function(t)
  local ann, bob = party(t)
  ann:say("well, darn it")
  t:expect(ann):refused("not said here")
  t:expect(bob):received(0, "chat")
end)

test("letters that only look different do not help", WORDS, function(t)
  local ann = party(t)
  for _, text in ipairs { "DARN", "dаrn", "d.a.r.n", "ｄａｒｎ", "바보", "ㅂㅏㅂㅗ" } do
    t:advance(3600)
    ann:say("oh " .. text)
    t:expect(ann):refused("not said here")
  end
end)

test("words that are allowed, or only contain one, pass", WORDS, function(t)
  local ann, bob = party(t)
  ann:say("I am darning socks")
  ann:say("a darnel grows there")
  t:expect(bob):received(2, "chat")
end)

test("words that are banned or allowed while it runs count from then on", function(t)
  local ann, bob = party(t)
  ann:say("well, darn it")
  t:expect(ann):accepted()
  t:configure("banned", { "darn" })
  ann:say("well, darn it")
  t:expect(ann):refused("not said here")
  t:configure("allowed", { "darn it" })
  ann:say("oh, darn it")
  t:expect(ann):accepted()
  t:configure("banned", { "socks" })
  ann:say("well, darn")
  t:expect(bob):received(3, "chat")
end)

test("the third strike within an hour mutes for ten minutes", WORDS, function(t)
  local ann, bob = party(t)
  for _ = 1, 3 do ann:say("darn") end
  ann:say("hello?")
  t:expect(ann):refused("muted")
  t:advance(601)
  ann:say("hello again")
  t:expect(bob):received(1, "chat", "hello again")
end)

test("strikes are forgotten after an hour", WORDS, function(t)
  local ann = party(t)
  ann:say("darn")
  ann:say("darn")
  t:advance(3601)
  ann:say("darn")
  ann:say("hello")
  t:expect(ann):accepted()
end)

test("a flood is stopped", function(t)
  local ann, bob = party(t)
  for i = 1, 9 do ann:say("message " .. i) end
  t:expect(ann):refused("Slowly")
  t:expect(bob):received(8, "chat")
end)

test("whoever goes on flooding is muted", function(t)
  local ann, bob = party(t)
  for i = 1, 25 do ann:say("message " .. i) end
  t:expect(ann):refused("muted")
  t:expect(bob):received(8, "chat")
end)

test("the owner is not watched", WORDS, function(t)
  local _, bob, owner = party(t)
  owner:say("darn")
  t:expect(bob):received(1, "chat", "darn")
end)

test("one strike is forgotten every hour", { config = { banned = { "darn" }, mute_after = 4 } }, function(t)
  local ann = party(t)
  for _ = 1, 3 do ann:say("darn") end
  t:advance(2 * 3600 + 1)
  ann:say("darn")
  ann:say("darn")
  ann:say("hello")
  t:expect(ann):accepted()
  ann:say("darn")
  ann:say("hello?")
  t:expect(ann):refused("muted")
end)

test("a banned word is not written in later", WORDS, function(t)
  local ann, bob = party(t)
  ann:say("well, fine")
  ann:edit(ann:last_sent(), "well, darn it")
  t:expect(ann):refused("not said here")
  t:expect(bob):received(0, "edit")
end)

test("Hangul letter by letter, with marks between them, is the word", WORDS, function(t)
  local ann = party(t)
  for _, text in ipairs { "바.보", "바 보", "ㅂ ㅏ ㅂ ㅗ", "바ㅂㅗ", "바보야" } do
    t:advance(3600)
    ann:say(text)
    t:expect(ann):refused("not said here")
  end
  t:advance(3600)
  ann:say("바본데")
  t:expect(ann):accepted()
end)

test("the same again and again is a strike", { config = { repeats = 2, repeat_seconds = 60, mute_after = 2 } }, function(t)
  local ann, bob = party(t)
  ann:say("Buy tea")
  ann:say("buy TEA")
  ann:say("Buy tea")
  t:expect(ann):refused("said that already")
  ann:say("something else")
  t:expect(bob):received(3, "chat")
  ann:say("Buy tea")
  ann:say("hello?")
  t:expect(ann):refused("muted")
end)

test("newcomers post no links, but to trusted hosts", { config = { links_after = 60, trusted_hosts = { "example.org" } } }, function(t)
  local ann, bob, owner = party(t)
  ann:say("see https://spam.example.com/x")
  t:expect(ann):refused("been here for a while")
  ann:say("see www.example.org and https://example.org/a")
  t:expect(bob):received(1, "chat")
  ann:say("not https://badexample.org")
  t:expect(ann):refused("been here for a while")
  owner:say("https://spam.example.com")
  t:advance(61)
  ann:say("see https://spam.example.com/x")
  t:expect(bob):received(3, "chat")
end)

test("GIFs that flash are shown still", function(t)
  local ann, bob = party(t)
  ann:gif { flashes = 3 }
  t:expect(bob):received(1, "gif")
  ann:gif { flashes = 3.5 }
  t:expect(bob):received(2, "gif")
  assert(t:why(ann:last_sent()):find("modify still", 1, true), t:why(ann:last_sent()))
  assert(t:metric("flashing") == 1)
end)

test("or not at all", { config = { flashing = "drop" } }, function(t)
  local ann, bob = party(t)
  ann:gif { flashes = 10 }
  t:expect(ann):refused("flashes too fast")
  t:expect(bob):received(0, "gif")
end)

local RAID = { config = { raid_joins = 2, raid_seconds = 10, shield_for = 300 } }

-- Somebody comes. Whether they are let in at once.
local function gets_in(t, room, name)
  local before = room.count
  t:user(name):join(room)
  return room.count > before
end

-- A room with its owner in it, and two more.
local function besieged(t)
  local owner = t:user("olga")
  local room = t:room { owner = owner, max = 50 }
  owner:join(room)
  assert(gets_in(t, room, "ann") and gets_in(t, room, "bob"))
  return room, owner
end

test("a raid puts the shield up: newcomers knock, moderators are told", RAID, function(t)
  local room, owner = besieged(t)
  assert(not gets_in(t, room, "eve"))
  t:expect(owner):received(1, "notice", "More than 2 people in 10 seconds")
  t:expect(owner):received(1, "notice", "eve knocks")
  assert(t:log():find("ALERT raid", 1, true))
  assert(t:metric("raids") == 1)
  -- It does not come down with the rush.
  t:advance(200)
  assert(not gets_in(t, room, "mallory"))
  t:advance(101)
  assert(gets_in(t, room, "dan"))
end)

test("those who come one by one are no raid", RAID, function(t)
  local room, owner = besieged(t)
  for i = 1, 10 do
    t:advance(6)
    assert(gets_in(t, room, "guest" .. i))
  end
  t:expect(owner):received(0, "notice")
end)

test("the console puts the shield up and down", function(t)
  local room = besieged(t)
  assert(t:console("guard shield on"):find("every room is up", 1, true))
  assert(not gets_in(t, room, "eve"))
  assert(t:console("guard shields"):find("*\t600", 1, true))
  t:console("guard shield off")
  assert(t:console("guard shields") == "No shield is up.")
  assert(gets_in(t, room, "dan"))
  t:console("guard shield on " .. room.id .. " 30s")
  assert(not gets_in(t, room, "fay"))
  t:advance(31)
  assert(gets_in(t, room, "gus"))
  assert(t:console("guard shield maybe"):find("'maybe' is not one of on, off", 1, true))
end)

test("strikes and refusals are counted", WORDS, function(t)
  local ann = party(t)
  ann:say("darn")
  ann:say("darn")
  assert(t:metric("strikes", { why = "word" }) == 2)
  assert(t:metric("refused", { why = "word" }) == 2)
end)
