// The client library with a transport that the test holds in its hands. Run: node --test Tests/Client
import assert from "node:assert/strict"
import { afterEach, beforeEach, mock, test } from "node:test"
import { backoff } from "../../Public/js/roost/backoff.js"
import { chat, exit, joinedAnswer, other, pass, returned, rig, welcome, you } from "./rig.mjs"

beforeEach(() => mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"], now: 1_000_000 }))
afterEach(() => mock.timers.reset())

// Events

test("events are told once and in order: history, early ones, live ones", async () => {
  const r = rig()
  await r.transport.say(welcome, chat(3))
  await r.transport.answer(r.transport.last("join"), joinedAnswer({ seq: 2, events: [chat(1), chat(2)] }))
  await r.transport.say(chat(3), chat(3), chat(4), chat(2))
  assert.deepEqual(r.told, ["reset", 1, 2, 3, 4])
})

test("a hole makes it ask for what is missing", async () => {
  const r = rig()
  await r.transport.admit({ seq: 1, events: [chat(1)] })
  await r.transport.say(chat(4))
  const { epoch, seq } = r.transport.last("join")
  assert.deepEqual({ epoch, seq }, { epoch: "e", seq: 1 })
  await r.transport.answer(r.transport.last("join"), joinedAnswer({ seq: 4, events: [chat(2), chat(3), chat(4)] }))
  assert.deepEqual(r.told, ["reset", 1, 2, 3, 4])
})

test("after a lost connection it goes on where it was", async () => {
  const r = rig()
  await r.transport.admit({ seq: 2, events: [chat(1), chat(2)] })
  await r.transport.lose()
  assert.equal(r.room.state, "away")
  await returned(r, { seq: 4, events: [chat(3), chat(4)] })
  const { epoch, seq } = r.transport.last("join")
  assert.deepEqual({ epoch, seq }, { epoch: "e", seq: 2 })
  assert.deepEqual(r.told, ["reset", 1, 2, 3, 4])
})

test("reset has what was shown forgotten", async () => {
  const r = rig()
  await r.transport.admit({ seq: 9, events: [chat(8), chat(9)] })
  await r.transport.lose()
  await returned(r, { epoch: "f", reset: true, seq: 1, events: [chat(1)] })
  await r.transport.say(chat(2))
  assert.deepEqual(r.told, ["reset", 8, 9, "reset", 1, 2])
})

test("what has no number and comes before the answer to join is told after it", async () => {
  const r = rig()
  const told = []
  for (const type of ["reset", "whisper", "notice"]) r.room.on(type, () => told.push(type))
  await r.transport.say(welcome, { type: "whisper", room: "r", from: other, to: you, text: "psst" })
  await r.transport.say({ type: "notice", room: "r", text: "Welcome." })
  await r.transport.answer(r.transport.last("join"), joinedAnswer())
  assert.deepEqual(told, ["reset", "whisper", "notice"])
})

// Coming back

test("delays grow, and no two are alike", () => {
  for (let failures = 1; failures < 20; failures += 1) {
    const [least, most] = [backoff(failures, () => 0), backoff(failures, () => 0.999)]
    assert.ok(least >= 250 && most <= 30_000 && most >= Math.min(29_000, 490 * 2 ** (failures - 1)))
  }
})

test("it comes back when the server said it would be there", async () => {
  const r = rig()
  await r.transport.admit()
  await r.transport.say({ type: "bye", code: 4007, reason: "The server restarts.", retry_after: 7 })
  await r.transport.lose(4007)
  await pass(6999)
  assert.equal(r.made.length, 1)
  await pass(600)
  assert.equal(r.made.length, 2)
})

for (const [code, state, problem] of [
  [1000, "closed", "left"], [1002, "closed", "closed"], [1003, "closed", "closed"], [1007, "closed", "closed"], [1008, "closed", "closed"],
  [1009, "closed", "closed"], [4001, "closed", "kicked"], [4002, "closed", "banned"], [4003, "closed", "room_removed"], [4005, "closed", "replaced"],
  [4006, "idle"], [1001, "waiting"], [1006, "waiting"], [1011, "waiting"], [1013, "waiting"], [4004, "waiting"], [4007, "waiting"],
]) {
  test(`after close code ${code} the connection is ${state}`, async () => {
    const r = rig()
    await r.transport.admit()
    await r.transport.lose(code)
    assert.equal(r.connection.state, state)
    assert.equal(r.room.problem?.code, problem)
    await pass(120_000)
    assert.equal(r.made.length > 1, state === "waiting")
  })
}

test("forty seconds of silence are a lost connection", async () => {
  const r = rig()
  await r.transport.admit()
  await pass(30_000)
  await r.transport.say({ type: "pong" })
  await pass(30_000)
  assert.equal(r.transport.all("ping").length, 2)
  await pass(10_000)
  assert.equal(r.connection.state, "waiting")
  assert.ok(r.made[0].isClosed)
})

test("a machine that has slept asks for a sign of life soon after", async () => {
  const r = rig()
  await r.transport.admit()
  await pass(4000)
  // Time has gone on, and timers have not.
  mock.timers.setTime(Date.now() + 600_000)
  await pass(1000)
  assert.equal(r.transport.all("ping").length, 1)
  assert.ok(!r.made[0].isClosed)
  await pass(10_000)
  assert.ok(r.made[0].isClosed)
})

test("a page in front of which the machine wakes does not wait on until it tries again", async (t) => {
  globalThis.document = Object.assign(new EventTarget(), { visibilityState: "visible" })
  globalThis.addEventListener = () => {}
  t.after(() => ["document", "addEventListener"].forEach((name) => delete globalThis[name]))
  t.mock.method(Math, "random", () => 1)
  const r = rig()
  await r.transport.lose()
  for (let attempt = 1; attempt < 6; attempt += 1) {
    await pass(r.connection.retryAt - Date.now())
    await r.transport.lose()
  }
  assert.ok(r.connection.retryAt - Date.now() > 10_000)
  const now = Date.now
  t.mock.method(Date, "now", () => now() + 600_000)
  await pass(5000)
  assert.equal(r.connection.state, "connecting")
})

test("a clock that is set back does not keep it from noticing a dead connection", async (t) => {
  const r = rig()
  await r.transport.admit()
  const now = Date.now
  t.mock.method(Date, "now", () => now() - 900_000)
  await pass(45_000)
  assert.ok(r.made[0].isClosed)
})

// Being in a room

test("leaving in another window ends it here; a restart of the server does not", async () => {
  const r = rig()
  await r.transport.admit()
  await r.transport.say(exit(1, other, "left"), exit(2, you, "shutdown"))
  assert.equal(r.room.state, "joined")
  await r.transport.say(exit(3, you, "left"))
  assert.deepEqual([r.room.state, r.room.problem.code], ["ended", "left"])
  await r.transport.lose()
  r.connection.reconnect()
  await r.transport.say(welcome)
  assert.equal(r.transport.last("join"), undefined)
})

test("one's own exit in the history of a room that one is in means nothing", async () => {
  const r = rig()
  await r.transport.admit({ seq: 2, events: [exit(1, you, "timeout"), chat(2)] })
  assert.equal(r.room.state, "joined")
})

test("a room asks for its password, says when it is wrong, and remembers the right one", async () => {
  const r = rig()
  const refuse = () => r.transport.answer(r.transport.last("join"), { type: "error", code: "wrong_password", text: "" })
  await r.transport.say(welcome)
  await refuse()
  assert.deepEqual([r.room.state, r.room.problem], ["password", null])
  r.room.enter("no")
  await refuse()
  assert.equal(r.room.problem.code, "wrong_password")
  r.room.enter("yes")
  await r.transport.answer(r.transport.last("join"), joinedAnswer())
  await r.transport.lose()
  await returned(r)
  assert.equal(r.transport.last("join").password, "yes")
})
