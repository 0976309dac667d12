// A connection without a network: the test is the server.
import { mock } from "node:test"
import { Connection } from "../../Public/js/roost/connection.js"
import { Ladder } from "../../Public/js/roost/ladder.js"

export const you = { id: "u_1", name: "Ann", color: "#112233", role: "member" }
export const other = { id: "u_2", name: "Bo", color: "#332211", role: "member" }
export const welcome = { type: "welcome", you: { id: you.id, name: you.name }, limits: { text: 4000 }, version: "0" }

/** Lets promises run that wait for nothing but each other. */
export async function settle() {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}

/** Lets time pass, where the test has taken the clock, and what waits for it happen. */
export async function pass(milliseconds) {
  for (let left = milliseconds; left > 0; left -= 250) {
    mock.timers.tick(Math.min(250, left))
    await settle()
  }
}

/** Connects again, into the room. */
export async function returned(rig, joined) {
  rig.connection.reconnect()
  await rig.transport.admit(joined)
}

export class Store {
  #items = new Map()
  getItem(key) {
    return this.#items.get(key) ?? null
  }
  setItem(key, value) {
    this.#items.set(key, String(value))
  }
  removeItem(key) {
    this.#items.delete(key)
  }
}

/** Keeps what was sent, and says what the test says. */
export class FakeTransport {
  onmessage = null
  onclose = null
  sent = []
  isClosed = false

  constructor(name = "fake") {
    this.name = name
  }
  open() {}
  send(message) {
    this.sent.push(message)
    return true
  }
  close() {
    this.isClosed = true
  }

  /** What was sent of a type. */
  all(type) {
    return this.sent.filter((message) => message.type === type)
  }
  last(type) {
    return this.all(type).at(-1)
  }
  async say(...messages) {
    for (const message of messages) this.onmessage?.(message)
    await settle()
  }
  async answer(asked, answer) {
    await this.say({ ref: asked.ref, ...answer })
  }
  async lose(code = 1006) {
    this.onclose?.({ code, reason: "" })
    await settle()
  }
  /** Says welcome, and lets into the room. */
  async admit(joined = {}) {
    await this.say(welcome)
    await this.answer(this.last("join"), joinedAnswer(joined))
  }
}

/** A connection with transports of those names, one room in it, and what the room has told. */
export function rig({ names = ["fake"], storage = new Store(), ...options } = {}) {
  const made = []
  const make = names.map((name) => () => {
    made.push(new FakeTransport(name))
    return made.at(-1)
  })
  const connection = new Connection(new Ladder(make, { storage, ...options }))
  const room = connection.room("r", { storage })
  const told = []
  room.on("event", ({ seq }) => told.push(seq))
  room.on("reset", () => told.push("reset"))
  const rig = { connection, room, told, made, storage, get transport() { return made.at(-1) } }
  return rig
}

export function joinedAnswer(fields = {}) {
  const info = { id: "r", title: "R", max: 10, count: 1, has_password: false, owner: null, topic: "", slow: 0, created_at: 0 }
  const first = fields.events?.[0]?.seq ?? (fields.seq ?? 0) + 1
  return { type: "joined", room: info, you, members: [you], commands: [], epoch: "e", seq: 0, events: [], first, more: false, reset: false, ...fields }
}

export function chat(seq, { cid, from = you } = {}) {
  return { type: "chat", room: "r", seq, at: seq, from, text: `message ${seq}`, ...(cid && { cid }) }
}

export function exit(seq, member, reason) {
  return { type: "exit", room: "r", seq, at: seq, member, count: 1, reason }
}
