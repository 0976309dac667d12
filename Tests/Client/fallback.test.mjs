// Which transport the client connects by, when it changes over, and when it goes back.
import assert from "node:assert/strict"
import { afterEach, beforeEach, mock, test } from "node:test"
import { chat, joinedAnswer, pass, rig, Store, welcome } from "./rig.mjs"

const names = ["websocket", "events", "polling"]

beforeEach(() => mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 }))
afterEach(() => mock.timers.reset())

/** Loses the transport and waits for the next attempt. */
async function fail(r, code = 1006) {
  const { length } = r.made
  await r.transport.lose(code)
  for (let tries = 0; r.made.length === length && tries < 200; tries += 1) await pass(250)
}

test("two failures in a row before welcome lead to the next transport, and after the last to the first", async () => {
  const r = rig({ names })
  const tried = []
  for (let attempt = 0; attempt < 8; attempt += 1) {
    tried.push(r.transport.name)
    await fail(r)
  }
  assert.deepEqual(tried, ["websocket", "websocket", "events", "events", "polling", "polling", "websocket", "websocket"])
})

test("a transport that brings no welcome in time has failed", async () => {
  const r = rig({ names })
  await pass(20_000)
  assert.equal(r.transport.name, "events")
  assert.ok(r.made[0].isClosed)
})

test("a proxy that breaks the WebSocket before welcome is got round; a server that forbids it is obeyed", async () => {
  const broken = rig({ names })
  await fail(broken, 1002)
  await fail(broken, 1000)
  assert.equal(broken.transport.name, "events")
  const forbidden = rig({ names })
  await forbidden.transport.lose(1008)
  assert.equal(forbidden.connection.state, "closed")
})

test("a connection that worked is lost without anybody to blame", async () => {
  const r = rig({ names })
  for (let loss = 0; loss < 6; loss += 1) {
    await r.transport.admit()
    await fail(r)
  }
  assert.equal(r.transport.name, "websocket")
})

test("while the server cannot be reached at all, it stays with the WebSocket", async () => {
  const r = rig({ names, isReachable: async () => false })
  for (let attempt = 0; attempt < 6; attempt += 1) await fail(r)
  assert.equal(r.transport.name, "websocket")
})

test("what worked is remembered for the next page of the window", async () => {
  const storage = new Store()
  const first = rig({ names, storage })
  await fail(first)
  await fail(first)
  await first.transport.say(welcome)
  const second = rig({ names, storage })
  assert.equal(second.transport.name, "events")
  assert.equal(rig({ names }).transport.name, "websocket")
})

test("the WebSocket is tried in the background, and taken when it works, without losing or repeating anything", async () => {
  const r = rig({ names })
  await fail(r)
  await fail(r)
  await r.transport.admit({ seq: 1, events: [chat(1)] })
  const events = r.transport
  r.room.send("hello")
  await pass(5000)
  const trial = r.transport
  assert.deepEqual([trial.name, events.isClosed, r.connection.transport], ["websocket", false, "events"])
  await events.say(chat(2))
  await trial.say(welcome)
  assert.deepEqual([events.isClosed, r.connection.transport], [true, "websocket"])
  assert.equal(trial.last("join").seq, 2)
  await trial.answer(trial.last("join"), joinedAnswer({ seq: 3, events: [chat(3)] }))
  assert.equal(trial.last("chat").cid, events.last("chat").cid)
  assert.deepEqual(r.told, ["reset", 1, 2, 3])
  assert.equal(rig({ names, storage: r.storage }).transport.name, "websocket")
})

test("a background attempt that fails disturbs nothing and is repeated every few minutes", async () => {
  const r = rig({ names })
  await fail(r)
  await fail(r)
  await r.transport.admit()
  const events = r.transport
  await pass(5000)
  await r.transport.lose()
  assert.equal(r.connection.transport, "events")
  const { length } = r.made
  for (let second = 0; second < 179; second += 1) {
    await pass(1000)
    await events.say({ type: "pong" })
  }
  assert.equal(r.made.length, length)
  await pass(2000)
  assert.deepEqual([r.made.length, r.transport.name], [length + 1, "websocket"])
})

test("a transport that was asked for by name is the only one", async () => {
  const r = rig({ names: ["polling"] })
  for (let attempt = 0; attempt < 5; attempt += 1) await fail(r)
  assert.ok(r.made.every(({ name }) => name === "polling"))
})
