// What was written and is not shown yet: kept, in order, sent until it is answered, and never twice.
import assert from "node:assert/strict"
import { afterEach, beforeEach, mock, test } from "node:test"
import { chat, other, pass, returned, rig, settle, Store } from "./rig.mjs"

beforeEach(() => mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 }))
afterEach(() => mock.timers.reset())

test("messages go one after the other, and stay until they are shown", async () => {
  const r = rig()
  await r.transport.admit()
  r.room.send("one")
  r.room.send("two")
  await settle()
  assert.equal(r.transport.all("chat").length, 1)
  await r.transport.answer(r.transport.last("chat"), { type: "ok", seq: 1 })
  assert.deepEqual(r.transport.all("chat").map(({ text }) => text), ["one", "two"])
  assert.deepEqual(r.room.outbox.items.map(({ state }) => state), ["accepted", "sent"])
  await r.transport.say(chat(1, { cid: r.room.outbox.items[0].cid }))
  assert.deepEqual(r.room.outbox.items.map(({ text }) => text), ["two"])
})

test("messages, whispers and slash commands without an answer are sent again under the same cid", async () => {
  const r = rig()
  await r.transport.admit()
  for (const [send, answer] of [
    [() => r.room.send("hello", { reply_to: 3 }), { type: "ok", seq: 1 }],
    [() => r.room.whisper(other, "psst"), { type: "ok" }],
    [() => r.room.send("/roll"), { type: "ok" }],
  ]) {
    send()
    await settle()
    for (let loss = 0; loss < 3; loss += 1) {
      const before = r.transport.sent.at(-1)
      await r.transport.lose()
      await returned(r, { seq: 0 })
      const again = r.transport.sent.at(-1)
      assert.deepEqual({ ...again, ref: 0 }, { ...before, ref: 0 })
    }
    await r.transport.answer(r.transport.sent.at(-1), answer)
    assert.ok(r.room.outbox.items.every(({ state }) => state === "accepted"))
  }
})

test("what the room shows while the answer is lost is not sent again", async () => {
  const r = rig()
  await r.transport.admit()
  const { cid } = r.room.send("hello")
  await r.transport.lose()
  await returned(r, { seq: 1, events: [chat(1, { cid })] })
  assert.equal(r.transport.all("chat").length, 0)
  assert.deepEqual(r.room.outbox.items, [])
})

test("the outbox survives a reload", async () => {
  const storage = new Store()
  const before = rig({ storage })
  await before.transport.admit()
  const { cid } = before.room.send("hello")
  before.room.send("/roll")
  await settle()
  const after = rig({ storage })
  await after.transport.admit()
  assert.equal(after.transport.last("chat").cid, cid)
  await after.transport.answer(after.transport.last("chat"), { type: "ok", seq: 1 })
  assert.equal(after.transport.last("chat").text, "/roll")
})

test("rate waits and sends again; a refusal stays until it is retried under a new cid", async () => {
  const r = rig()
  await r.transport.admit()
  const { cid } = r.room.send("hello")
  await settle()
  await r.transport.answer(r.transport.last("chat"), { type: "error", code: "rate", text: "", retry_after: 2 })
  await pass(1999)
  assert.equal(r.transport.all("chat").length, 1)
  await pass(1)
  assert.equal(r.transport.all("chat").length, 2)
  await r.transport.answer(r.transport.last("chat"), { type: "error", code: "refused", text: "No." })
  assert.equal(r.room.outbox.items[0].problem.text, "No.")
  r.room.outbox.retry(cid)
  await settle()
  assert.notEqual(r.transport.last("chat").cid, cid)
})
