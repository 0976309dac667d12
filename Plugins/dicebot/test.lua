test("a roll is seen by everyone and stays within the dice", function(t)
  local room = t:room()
  local ann, bob = t:user("Ann"):join(room), t:user("Bob"):join(room)
  for _ = 1, 50 do ann:say("/roll 2d6+1") end
  t:expect(bob):received(50, "chat", "🎲 Ann (2d6+1): ")
  t:expect(bob):received(0, "chat", "= 2 ")
  for sum = 14, 99 do t:expect(bob):received(0, "chat", "= " .. sum) end
end)

test("without dice it is one with six sides", function(t)
  local ann = t:user("Ann"):join(t:room())
  ann:say("/roll")
  t:expect(ann):received(1, "chat", "(1d6)")
end)

test("what is no dice is explained to whoever asked", function(t)
  local room = t:room()
  local ann, bob = t:user("Ann"):join(room), t:user("Bob"):join(room)
  for _, dice in ipairs { "banana", "0d6", "21d6", "2d1", "2d6+", "d" } do ann:say("/roll " .. dice) end
  t:expect(ann):received(6, "notice", "Dice look like")
  t:expect(bob):received(0, "chat")
end)
