-- Answers what is asked all the time: when a message has a keyword in it, the room gets the answer that belongs to it.
--
-- Moderators teach it with /faq add KEYWORD ANSWER. Answers for every room are in the settings.

local MOST_ANSWERS = 100

-- Room id → what was built of its answers; forgotten when they change, and when there are many.
local built, count = {}, 0
local MOST_BUILT = 200

-- Keyword → answer, for a room: the settings' and the room's own, which win.
local function answers(room)
  local all = {}
  for _, line in ipairs(roost.config.answers) do
    local keyword, answer = line:match("^%s*(.-)%s*:%s*(.+)$")
    if keyword then all[keyword] = answer end
  end
  for keyword, answer in pairs(room:data():get("answers") or {}) do all[keyword] = answer end
  return all
end

local function keywords(all)
  local list = {}
  for keyword in pairs(all) do list[#list + 1] = keyword end
  table.sort(list)
  return list
end

local function of(room)
  if not built[room.id] then
    if count >= MOST_BUILT then built, count = {}, 0 end
    count = count + 1
    local all = answers(room)
    built[room.id] = { all = all, matcher = roost.text.matcher(keywords(all), { fold = "case", whole_word = true }) }
  end
  return built[room.id]
end

roost.after("chat", function(e)
  local faq = of(e.room)
  local keyword = faq.matcher:find(e.text)
  if keyword and roost.limit(e.room.id .. " " .. keyword, 1, roost.config.cooldown) then e:say(faq.all[keyword]) end
end)

-- Changes a room's own answers.
local function change(c, keyword, answer)
  local own = c.room:data():get("answers") or {}
  if answer and not own[keyword] and #keywords(own) >= MOST_ANSWERS then
    return c:reply(roost.t("full", { n = MOST_ANSWERS }, c.user.locale))
  end
  if not answer and not own[keyword] then return c:reply(roost.t("unknown", { keyword = keyword }, c.user.locale)) end
  own[keyword] = answer
  c.room:data():set("answers", own)
  built[c.room.id] = nil
  c:reply(roost.t(answer and "added" or "removed", { keyword = keyword }, c.user.locale))
end

roost.command("faq", {
  args = "<what:choice(list|add|remove)> [keyword:word] [answer:text]",
  help = "Lists what is answered; moderators add and remove: /faq add wifi It is on the door.",
}, function(c)
  local what, keyword, answer = c.args.what, c.args.keyword, c.args.answer
  if what == "list" then
    local list = keywords(answers(c.room))
    return c:reply(#list == 0 and roost.t("none", {}, c.user.locale) or table.concat(list, ", "))
  end
  if not c.user:has("moderator") then return c:reply(roost.t("moderators", {}, c.user.locale)) end
  if not keyword or what == "add" and not answer then return c:reply(roost.t("usage", {}, c.user.locale)) end
  change(c, keyword:lower(), what == "add" and answer or nil)
end)
