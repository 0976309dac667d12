-- /roll 2d6+1 throws dice, and everyone sees them fall.

local MOST_DICE, MOST_SIDES = 20, 1000

-- "2d6+1" → 2, 6, 1; nil if it is not that.
local function parse(text)
  local count, sides, bonus = text:lower():match("^(%d*)d(%d+)([+-]?%d*)$")
  if not count then return nil end
  count = tonumber(count == "" and "1" or count)
  sides = tonumber(sides)
  bonus = bonus == "" and 0 or tonumber(bonus)
  if not bonus or count < 1 or count > MOST_DICE or sides < 2 or sides > MOST_SIDES then return nil end
  return count, sides, bonus
end

roost.command("roll", { args = "[dice=1d6]", help = "Throws dice, e.g. /roll 2d6+1." }, function(c)
  local count, sides, bonus = parse(c.args.dice)
  if not count then
    c:reply("Dice look like 2d6+1: up to " .. MOST_DICE .. " of them, with 2 to " .. MOST_SIDES .. " sides.")
    return
  end
  local throws, sum = {}, bonus
  for i = 1, count do
    throws[i] = roost.random(1, sides)
    sum = sum + throws[i]
  end
  local shown = table.concat(throws, " + ")
  if bonus ~= 0 then shown = shown .. (bonus > 0 and " + " or " - ") .. math.abs(bonus) end
  if count > 1 or bonus ~= 0 then shown = shown .. " = " .. sum end
  c:reply("🎲 " .. c.user.name .. " (" .. c.args.dice .. "): " .. shown, { public = true })
end)
