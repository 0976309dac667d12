// @ts-check
import { Climb } from "./climb.js"
import { Emitter } from "./emitter.js"
import { Line } from "./line.js"
import { Lobby } from "./lobby.js"
import { Questions } from "./questions.js"
import { Room } from "./room.js"
import { afterClose } from "./closing.js"
import { backoff } from "./backoff.js"
import { onReturn } from "./return.js"

/** @import { Limits, Notice, Person, Transport } from "./types.js" */
/** @import { Ladder } from "./ladder.js" */

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

  #ladder
  #climb
  #line = new Line((message) => this.#hear(message), (closing) => this.#lost(closing))
  #questions = new Questions()
  /** @type {Map<string, Room>} */
  #rooms = new Map()
  #failures = 0
  /** What the server said before it closed. @type {{ code: number, reason: string, retry_after?: number } | null} */
  #bye = null
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer

  /** @param {Ladder} ladder what to connect by */
  constructor(ladder) {
    super()
    this.#ladder = ladder
    this.#climb = new Climb(ladder, (transport, welcome) => this.#adopt(transport, welcome))
    this.lobby = new Lobby(this)
    onReturn(() => this.state !== "closed" && this.reconnect(), () => this.state === "idle")
    this.#open()
  }

  /** Which transport is used: `websocket`, `events`, `polling`, or what another one calls itself. */
  get transport() {
    return this.#line.name
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
   * @param {(message: any) => void} [held] see Questions
   * @returns {Promise<any>} rejects with a RoostError; its code is `disconnected` if there is no connection to ask by
   */
  ask(message, held) {
    return this.#questions.ask((ref) => this.state === "open" && this.#line.send({ ...message, ref }), held)
  }

  /** Sends a message that is not answered, if there is a connection. @param {object} message */
  tell(message) {
    if (this.state === "open") this.#line.send(message)
  }

  /** Changes what this person is called, everywhere. @param {string} name */
  async rename(name) {
    await this.ask({ type: "name", name })
    if (this.you) this.you = { ...this.you, name }
  }

  /** Tries now instead of later. */
  reconnect() {
    if (this.state === "open") return this.#line.probe()
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
    this.#line.open(this.#ladder.make(), this.#ladder.welcomeTime)
  }

  /** Goes over to a better transport that is open already. @param {Transport} transport @param {any} welcome */
  #adopt(transport, welcome) {
    this.#drop()
    this.#line.use(transport)
    this.#hear(welcome)
  }

  /** @param {any} message */
  #hear(message) {
    // Long-polling has no `welcome` that says it.
    if (message.type === "joined") this.you ??= { id: message.you.id, name: message.you.name }
    if (message.ref !== undefined) return this.#questions.answered(message)
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

  /** @param {{ you?: Person, limits?: Limits, version?: string }} welcome */
  #welcomed(welcome) {
    this.#failures = 0
    this.#bye = null
    this.#ladder.worked()
    this.you = welcome.you ?? this.you
    this.limits = { ...this.limits, ...welcome.limits }
    this.#becomes("open")
    this.emit("welcome", welcome)
    this.lobby.connected()
    for (const room of this.#rooms.values()) room.connected()
    this.#climb.start()
  }

  /** @param {{ code: number, reason: string }} closing */
  #lost(closing) {
    const wasWelcomed = this.state === "open"
    if (!wasWelcomed) this.#ladder.failed()
    this.#drop()
    const rule = afterClose(closing.code, wasWelcomed || !this.#ladder.hasOthers)
    if (rule === "stop") this.#becomes("closed", closing)
    else if (rule === "return") this.#becomes("idle", closing)
    else this.#wait(closing)
    for (const room of this.#rooms.values()) room.disconnected(closing, rule !== "stop")
  }

  /** Until it may be tried again. @param {{ code: number, reason: string }} closing */
  #wait(closing) {
    this.#failures += 1
    const asked = (this.#bye?.retry_after ?? 0) * 1000
    const delay = asked ? asked + Math.random() * 500 : backoff(this.#failures)
    this.#bye = null
    this.retryAt = Date.now() + delay
    this.#timer = setTimeout(() => this.#open(), delay)
    this.#becomes("waiting", closing)
  }

  /** Forgets the transport. What was asked by it will not be answered. @param {number} [code] */
  #drop(code) {
    clearTimeout(this.#timer)
    this.#climb.stop()
    this.#line.drop(code)
    this.#questions.giveUp()
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
}
