test("a newcomer is greeted once, and nobody else hears it", function(t)
  local room = t:room { title = "Tea" }
  local ann = t:user("Ann"):join(room)
  local bob = t:user("Bob"):join(room)
  bob:exit()
  bob:join(room)
  t:expect(bob):received(1, "notice", "Welcome to Tea, Bob.")
  t:expect(ann):received(0, "notice", "Bob")
end)

test("the text can be chosen", { config = { text = "Shoes off, please." } }, function(t)
  local ann = t:user("Ann"):join(t:room())
  t:expect(ann):received(1, "notice", "Shoes off, please.")
end)
