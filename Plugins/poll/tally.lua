-- Counting votes, and showing the count.

local tally = {}

-- How many votes each option has, in the order of the options, and how many there are in all.
function tally.count(poll)
  local counts, total = {}, 0
  for i = 1, #poll.options do counts[i] = 0 end
  for _, choice in pairs(poll.votes) do
    counts[choice] = counts[choice] + 1
    total = total + 1
  end
  return counts, total
end

-- The options with the most votes, and how many those are; none if nobody has voted.
function tally.winners(poll)
  local counts = tally.count(poll)
  local most = math.max(table.unpack(counts))
  local winners = {}
  for i, count in ipairs(counts) do
    if count == most and most > 0 then winners[#winners + 1] = poll.options[i] end
  end
  return winners, most
end

local WIDTH = 10

-- "1. pizza  ▇▇▇▇▇ 2": a line per option.
function tally.lines(poll)
  local counts, total = tally.count(poll)
  local lines = {}
  for i, option in ipairs(poll.options) do
    local bar = ("▇"):rep(total > 0 and math.ceil(counts[i] / total * WIDTH) or 0)
    lines[i] = ("%d. %s  %s %d"):format(i, option, bar, counts[i])
  end
  return table.concat(lines, "\n"), total
end

return tally
