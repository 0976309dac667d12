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
