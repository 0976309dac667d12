// Messages after they were sent: what a room's events make of them, whatever of it was told before.
import assert from "node:assert/strict"
import { afterEach, beforeEach, mock, test } from "node:test"
import { Messages } from "../../Public/js/roost/messages.js"
import { chat, joinedAnswer, other, rig, you } from "./rig.mjs"

beforeEach(() => mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 }))
afterEach(() => mock.timers.reset())

const edit = (seq, of, text) => ({ type: "edit", room: "r", seq, at: seq, of, by: you, text })
const remove = (seq, of, by = you) => ({ type: "delete", room: "r", seq, at: seq, of, by })
const react = (seq, of, emoji, by = you, on = true) => ({ type: "react", room: "r", seq, at: seq, of, by, emoji, on })

function after(...events) {
  const messages = new Messages()
  for (const event of events) messages.hear(event)
  return messages
}

test("an edit changes the text and says when", () => {
  const message = after(chat(1), edit(2, 1, "better")).get(1)
  assert.deepEqual([message.text, message.edited_at, message.changed], ["better", 2, 2])
})

test("of a deleted message nothing is left but whose it was", () => {
  const message = after({ ...chat(1, { cid: "c" }), reply_to: 9, reactions: [], edited_at: 1 }, remove(2, 1, other)).get(1)
  assert.deepEqual(message, { type: "deleted", room: "r", seq: 1, at: 1, from: you, cid: "c", reply_to: 9, by: other, changed: 2 })
})

test("an edit brings a deleted message back, and one that has nothing to say does not", () => {
  const messages = after(chat(1), remove(2, 1), { ...edit(3, 1), text: undefined })
  assert.equal(messages.get(1).type, "deleted")
  messages.hear(edit(4, 1, "back"))
  assert.deepEqual([messages.get(1).type, messages.get(1).text, messages.get(1).edited_at], ["chat", "back", undefined])
})

test("reactions add up and go away", () => {
  const messages = after(chat(1), react(2, 1, "👍"), react(3, 1, "👍", other), react(4, 1, "🎉", other))
  assert.deepEqual(messages.get(1).reactions, [{ emoji: "👍", count: 2, by: [you.id, other.id] }, { emoji: "🎉", count: 1, by: [other.id] }])
  messages.hear(react(5, 1, "👍", you, false))
  messages.hear(react(6, 1, "🎉", other, false))
  assert.deepEqual(messages.get(1).reactions, [{ emoji: "👍", count: 1, by: [other.id] }])
})

test("of very many reactions the number stays right", () => {
  const many = { ...chat(1), changed: 80, reactions: [{ emoji: "👍", count: 70, by: ["p1", "p2", you.id] }] }
  const messages = after(many, react(81, 1, "👍", other), react(82, 1, "👍", you, false), react(83, 1, "👍", { id: "p60" }, false))
  assert.deepEqual(messages.get(1).reactions, [{ emoji: "👍", count: 69, by: ["p1", "p2", other.id] }])
})

test("what is in a message of history already is not done again", () => {
  const page = { ...chat(1), text: "second", edited_at: 3, changed: 5, reactions: [{ emoji: "👍", count: 1, by: [you.id] }] }
  const messages = after(page, edit(2, 1, "first"), edit(3, 1, "second"), react(5, 1, "👍"))
  assert.deepEqual(messages.get(1), page)
})

test("a room tells which message has changed, and knows it as it is now", async () => {
  const r = rig()
  const changed = []
  r.room.on("change", (message) => changed.push([message.seq, message.type, message.text]))
  await r.transport.admit(joinedAnswer({ seq: 2, events: [chat(1), chat(2)] }))
  await r.transport.say(edit(3, 1, "better"))
  await r.transport.say(remove(4, 2))
  await r.transport.say(edit(5, 77, "of nothing that is shown"))
  assert.deepEqual(changed, [[1, "chat", "better"], [2, "deleted", undefined]])
  assert.equal(r.room.messages.get(1).text, "better")
})

test("what one does to messages is asked of the room", async () => {
  const r = rig()
  await r.transport.admit(joinedAnswer({ seq: 1, events: [chat(1)] }))
  for (const [type, act] of [
    ["edit", () => r.room.edit(1, "x")], ["delete", () => r.room.delete(1)], ["react", () => r.room.react(1, "👍")], ["report", () => r.room.report(1, "rude")],
  ]) {
    const done = act()
    const { ref, ...asked } = r.transport.last(type)
    assert.deepEqual([asked.room, asked.of], ["r", 1])
    await r.transport.answer(r.transport.last(type), { type: "ok", seq: 2 })
    await done
  }
})
