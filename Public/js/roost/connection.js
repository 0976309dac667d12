// @ts-check
import { Emitter, RoostError } from "./emitter.js"
import { Heartbeat } from "./heartbeat.js"
import { Lobby } from "./lobby.js"
import { Room } from "./room.js"
import { afterClose } from "./closing.js"
import { backoff } from "./backoff.js"

/** @import { Limits, Notice, Person, Transport } from "./types.js" */

/** Milliseconds in which the server must have said `welcome`. */
const WELCOME_TIME = 15_000

/**
 * A connection that comes back by itself. What it is now is in `state`:
 * `connecting`, `open`, `waiting` (until `retryAt`), `idle` (until the person comes back) or `closed` (`closing` says why).
 *
 * Events: `state`, `welcome` (`{you, limits, version}`), `notice` (one that is about no room).
 */
export class Connection extends Emitter {
  /** @type {"connecting" | "open" | "waiting" | "idle" | "closed"} */
  state = "connecting"
  /** When the next attempt is, in milliseconds since 1970, while `waiting`. */
  retryAt = 0
  /** Why it was closed last. @type {{ code: number, reason: string } | null} */
  closing = null
  /** @type {Person | null} */
  you = null
  /** @type {Limits} */
  limits = { text: 4000, upload: 5 * 1024 * 1024, title: 60, name: 32 }
  /** @type {Lobby} */
  lobby

  #makeTransport
  /** @type {Transport | null} */
  #transport = null
  /** @type {Map<string, Room>} */
  #rooms = new Map()
  /** @type {Map<number, { resolve: (answer: any) => void, reject: (error: RoostError) => void }>} */
  #asked = new Map()
  #nextRef = 1
  #failures = 0
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer
  #heartbeat = new Heartbeat(
    () => this.#transport?.send({ type: "ping" }),
    () => this.#lost({ code: 1006, reason: "Nothing was heard." }),
  )

  /** @param {() => Transport} makeTransport */
  constructor(makeTransport) {
    super()
    this.#makeTransport = makeTransport
    this.lobby = new Lobby(this)
    this.#watchThePage()
    this.#open()
  }

  /** Which transport is used, for people. */
  get transport() {
    return this.#transport?.name ?? ""
  }

  /**
   * The room with that id, joined as soon as there is a connection.
   * @param {string} id
   * @param {{ password?: string, storage?: Storage | null }} [options]
   */
  room(id, options) {
    let room = this.#rooms.get(id)
    if (!room) {
      room = new Room(this, id, options)
      this.#rooms.set(id, room)
      if (this.state === "open") room.connected()
    }
    return room
  }

  /**
   * Sends a message and waits for what refers to it.
   * @param {{ type: string, [field: string]: unknown }} message
   * @returns {Promise<any>} rejects with a RoostError; its code is `disconnected` if there is no connection to ask by
   */
  ask(message) {
    const ref = this.#nextRef++
    return new Promise((resolve, reject) => {
      if (this.state !== "open" || !this.#transport?.send({ ...message, ref })) return reject(disconnected())
      this.#asked.set(ref, { resolve, reject })
    })
  }

  /** Sends a message that is not answered, if there is a connection. @param {object} message */
  tell(message) {
    if (this.state === "open") this.#transport?.send(message)
  }

  /** Changes what this person is called, everywhere. @param {string} name */
  async rename(name) {
    await this.ask({ type: "name", name })
    if (this.you) this.you = { ...this.you, name }
  }

  /** Tries now instead of later. */
  reconnect() {
    if (this.state === "open") return this.#heartbeat.probe()
    if (this.state === "connecting") return
    this.#failures = 0
    this.#open()
  }

  close() {
    this.#drop(1000)
    this.#becomes("closed", { code: 1000, reason: "" })
  }

  #open() {
    clearTimeout(this.#timer)
    this.#becomes("connecting")
    const transport = this.#makeTransport()
    this.#transport = transport
    transport.onmessage = (message) => this.#hear(message)
    transport.onclose = (closing) => this.#lost(closing)
    this.#timer = setTimeout(() => this.#lost({ code: 1006, reason: "No welcome." }), WELCOME_TIME)
    transport.open()
  }

  /** @param {any} message */
  #hear(message) {
    this.#heartbeat.heard()
    if (message.ref !== undefined) return this.#answered(message)
    switch (message.type) {
      case "welcome":
        return this.#welcomed(message)
      case "bye":
        this.#bye = message
        return
      case "rooms":
      case "room_added":
      case "room_changed":
      case "room_removed":
        return this.lobby.hear(message)
    }
    const room = this.#rooms.get(message.room)
    if (room) room.hear(message)
    else if (message.type === "notice") this.emit("notice", /** @type {Notice} */ (message))
  }

  /** @type {{ code: number, reason: string, retry_after?: number } | null} */
  #bye = null

  /** @param {any} message */
  #answered(message) {
    const asked = this.#asked.get(message.ref)
    this.#asked.delete(message.ref)
    if (message.type === "error") asked?.reject(new RoostError(message))
    else asked?.resolve(message)
  }

  /** @param {{ you: Person, limits: Limits, version: string }} welcome */
  #welcomed(welcome) {
    clearTimeout(this.#timer)
    this.#failures = 0
    this.#bye = null
    this.you = welcome.you
    this.limits = { ...this.limits, ...welcome.limits }
    this.#becomes("open")
    this.emit("welcome", welcome)
    this.lobby.connected()
    for (const room of this.#rooms.values()) room.connected()
  }

  /** @param {{ code: number, reason: string }} closing */
  #lost(closing) {
    this.#drop()
    const rule = afterClose(closing.code)
    if (rule === "stop") this.#becomes("closed", closing)
    else if (rule === "return") this.#becomes("idle", closing)
    else {
      this.#failures += 1
      const asked = (this.#bye?.retry_after ?? 0) * 1000
      const delay = asked ? asked + Math.random() * 500 : backoff(this.#failures)
      this.#bye = null
      this.retryAt = Date.now() + delay
      this.#timer = setTimeout(() => this.#open(), delay)
      this.#becomes("waiting", closing)
    }
    for (const room of this.#rooms.values()) room.disconnected(closing, rule !== "stop")
  }

  /** Forgets the transport. What was asked by it will not be answered. @param {number} [code] */
  #drop(code) {
    clearTimeout(this.#timer)
    this.#heartbeat.stop()
    const transport = this.#transport
    if (transport) {
      transport.onmessage = transport.onclose = null
      transport.close(code)
    }
    this.#transport = null
    const asked = [...this.#asked.values()]
    this.#asked.clear()
    for (const { reject } of asked) reject(disconnected())
  }

  /**
   * @param {Connection["state"]} state
   * @param {{ code: number, reason: string } | null} [closing]
   */
  #becomes(state, closing = null) {
    this.state = state
    this.closing = closing
    this.emit("state", state)
  }

  /** A person who comes back, or a network that does, need not wait for a timer. */
  #watchThePage() {
    if (typeof document === "undefined") return
    const back = () => {
      if (this.state !== "closed" && document.visibilityState === "visible") this.reconnect()
    }
    addEventListener("online", back)
    addEventListener("pageshow", (event) => event.persisted && back())
    document.addEventListener("visibilitychange", back)
    for (const sign of ["pointerdown", "keydown"]) addEventListener(sign, () => this.state === "idle" && back())
  }
}

function disconnected() {
  return new RoostError({ code: "disconnected", text: "There is no connection to the server." })
}
