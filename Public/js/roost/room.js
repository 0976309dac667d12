// @ts-check
import { Emitter, RoostError } from "./emitter.js"
import { Members } from "./members.js"
import { Outbox } from "./outbox.js"

/** @import { Command, Member, Problem, RoomInfo, RoostEvent, Unsent } from "./types.js" */
/** @import { Connection } from "./connection.js" */

/** What the end of a connection means for the room it was for. @type {Record<number, string>} */
const ENDS = { 1000: "left", 4001: "kicked", 4002: "banned", 4003: "room_removed", 4005: "replaced" }

/** Seconds between two signs of typing. */
const TYPING_EVERY = 3

/**
 * A room, joined again whenever the connection comes back, from where it was. Every event comes once and in order.
 *
 * `state` is `away` (no connection), `joining`, `password` (call `enter`; `problem` says what was wrong with the last one),
 * `joined`, or `ended` (`problem` says why; `retry` tries again).
 *
 * Events: `state`; `reset` (forget what was shown); `event` (a RoostEvent, of history and new ones alike: `isLive` tells);
 * `members`; `info`; `commands`; `whisper`; `notice`; `typing` (`{member, on}`); `outbox`.
 */
export class Room extends Emitter {
  /** @type {"away" | "joining" | "password" | "joined" | "ended"} */
  state = "away"
  /** @type {Problem | null} */
  problem = null
  /** @type {RoomInfo | null} */
  info = null
  /** @type {Member | null} */
  you = null
  /** @type {Command[]} */
  commands = []
  members = new Members()
  /** Whether events before the first one shown can be asked for. */
  hasMore = false
  /** Whether the event that is being told happened just now, and is not history. */
  isLive = false
  /** @type {Outbox} */
  outbox

  #connection
  /** @type {string | undefined} */
  #password
  /** @type {string | null} */
  #epoch = null
  /** The last event that was told. */
  #seq = 0
  /** The first one. */
  #first = 0
  /** Events that came before the answer to `join`. @type {RoostEvent[]} */
  #early = []
  #typedAt = 0
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer

  /**
   * @param {Connection} connection
   * @param {string} id
   * @param {{ password?: string, storage?: Storage | null }} [options]
   */
  constructor(connection, id, options = {}) {
    super()
    this.id = id
    this.#connection = connection
    this.#password = options.password
    this.outbox = new Outbox({
      key: `roost.outbox.${id}`,
      storage: options.storage === undefined ? pageStorage() : options.storage,
      send: (item) => this.#ask(request(id, item)),
      changed: () => this.emit("outbox"),
    })
  }

  // What a person does

  /**
   * Says something in the room, or does a slash command. It is kept until the room has shown it.
   * @param {string} text
   * @param {{ reply_to?: number }} [options]
   * @returns {Unsent}
   */
  send(text, { reply_to } = {}) {
    this.#typedAt = 0
    return this.outbox.add({ kind: /^\/\p{L}/u.test(text) ? "command" : "chat", text, reply_to })
  }

  /**
   * Says something to one person.
   * @param {Pick<Member, "id" | "name">} to
   * @param {string} text
   */
  whisper(to, text) {
    return this.outbox.add({ kind: "whisper", text, to: to.id, toName: to.name })
  }

  /** Shows others that this person is writing, or not any more. As often as one likes. @param {boolean} on */
  typing(on) {
    const now = Date.now()
    if (on ? now - this.#typedAt < TYPING_EVERY * 1000 : this.#typedAt === 0) return
    this.#typedAt = on ? now : 0
    if (this.state === "joined") this.#connection.tell({ type: "typing", room: this.id, on })
  }

  /**
   * The events before the first one that was told.
   * @param {number} [limit] 1–200
   * @returns {Promise<RoostEvent[]>} empty if the room was shown anew meanwhile
   */
  async older(limit = 50) {
    const first = this.#first
    const { events, more } = await this.#ask({ type: "history", room: this.id, before: first, limit })
    if (this.#first !== first) return []
    this.hasMore = more
    if (events.length) this.#first = events[0].seq
    return events
  }

  /** Events before this one are no longer shown, and `older` brings them again. @param {number} seq */
  forgetBefore(seq) {
    this.#first = seq
    this.hasMore = true
  }

  /** Tries to get in with a password. @param {string} password */
  enter(password) {
    this.#password = password
    this.#join()
  }

  /** Tries to get in again after an end. */
  retry() {
    if (this.state !== "ended") return
    this.#becomes("away")
    if (this.#connection.state === "open") this.#join()
    else this.#connection.reconnect()
  }

  /** Leaves for good, on all connections of this person. */
  async leave() {
    this.outbox.pause()
    try {
      await this.#connection.ask({ type: "exit", room: this.id })
    } catch {
      // Without a connection the seat is free in a quarter of a minute anyway.
    }
    this.#end({ code: "left", text: "You have left the room." })
  }

  // What the connection tells

  connected() {
    if (this.state !== "ended" && this.state !== "password") this.#join()
  }

  /**
   * @param {{ code: number, reason: string }} closing
   * @param {boolean} comesBack
   */
  disconnected(closing, comesBack) {
    clearTimeout(this.#timer)
    this.outbox.pause()
    if (this.state === "ended" || (this.state === "password" && comesBack)) return
    if (comesBack) this.#becomes("away")
    else this.#end({ code: ENDS[closing.code] ?? "closed", text: closing.reason })
  }

  /** @param {any} message */
  hear(message) {
    if (typeof message.seq === "number") return this.#hearEvent(message)
    if (message.type === "typing") {
      if (message.member !== this.you?.id) this.emit("typing", message)
    } else if (message.type === "whisper" || message.type === "notice") this.emit(message.type, message)
  }

  /** @param {RoostEvent} event */
  #hearEvent(event) {
    if (this.state === "joining") this.#early.push(event)
    if (this.state !== "joined" || event.seq <= this.#seq) return
    // A hole cannot be; if there is one, what is missing is asked for.
    if (event.seq > this.#seq + 1) return this.#join()
    this.#tell(event, true)
    this.#apply(event)
  }

  /** Asks something that members may. If this person is none any more, they have left by another connection. @param {any} message */
  async #ask(message) {
    try {
      return await this.#connection.ask(message)
    } catch (error) {
      if (error instanceof RoostError && error.code === "not_member" && this.state === "joined") {
        this.#end({ code: "left", text: error.message })
      }
      throw error
    }
  }

  async #join() {
    clearTimeout(this.#timer)
    const position = this.#epoch === null ? {} : { epoch: this.#epoch, seq: this.#seq }
    this.#early = []
    this.#becomes("joining")
    try {
      this.#joined(await this.#connection.ask({ type: "join", room: this.id, password: this.#password, ...position }))
    } catch (error) {
      if (!(error instanceof RoostError)) throw error
      this.#notJoined(error.problem)
    }
  }

  /** @param {any} joined */
  #joined(joined) {
    const isNew = joined.reset || joined.epoch !== this.#epoch
    this.you = joined.you
    this.info = joined.room
    this.commands = joined.commands
    this.members.replace(joined.members)
    if (isNew) {
      this.#epoch = joined.epoch
      this.#first = joined.events[0]?.seq ?? joined.seq + 1
      this.#seq = this.#first - 1
      this.hasMore = joined.more
      this.emit("reset")
    }
    const isReturn = !isNew
    for (const event of joined.events) if (event.seq > this.#seq) this.#tell(event, isReturn)
    this.#seq = joined.seq
    this.outbox.shownUpTo(this.#seq)
    this.#becomes("joined")
    for (const change of ["info", "members", "commands"]) this.emit(change)
    for (const event of this.#early) this.#hearEvent(event)
    this.#early = []
    this.outbox.open()
  }

  /** @param {Problem} problem */
  #notJoined(problem) {
    switch (problem.code) {
      case "disconnected":
        return
      case "unavailable":
        this.#timer = setTimeout(() => this.#join(), (problem.retry_after ?? 5) * 1000)
        return
      case "wrong_password":
      case "rate": {
        const wasTried = this.#password !== undefined
        this.#password = problem.code === "rate" ? this.#password : undefined
        return this.#becomes("password", wasTried ? problem : null)
      }
      default:
        return this.#end(problem)
    }
  }

  /**
   * @param {RoostEvent} event
   * @param {boolean} isLive
   */
  #tell(event, isLive) {
    this.#seq = event.seq
    if (event.from?.id === this.you?.id) this.outbox.delivered(event)
    this.isLive = isLive
    this.emit("event", event)
  }

  /** What an event that happened just now changes. @param {RoostEvent} event */
  #apply(event) {
    const you = this.you
    if (!you || !this.info) return
    if (event.type === "topic") this.info = { ...this.info, topic: event.topic ?? "" }
    if (event.type === "owner") this.info = { ...this.info, owner: event.member ?? null }
    if (event.count !== undefined) this.info = { ...this.info, count: event.count }
    if (["topic", "owner", "join", "exit"].includes(event.type)) this.emit("info")
    if (this.members.apply(event)) {
      this.you = this.members.byID.get(you.id) ?? you
      this.emit("members")
      // Another role has other commands; only a join tells which.
      if (this.you.role !== you.role) this.#join()
    }
    // A server that stops is only a pause: it asks everyone to come back.
    const isOver = event.type === "exit" && event.member?.id === you.id && event.reason !== "shutdown"
    if (isOver) this.#end({ code: event.reason ?? "left", text: "" })
  }

  /** @param {Problem} problem */
  #end(problem) {
    clearTimeout(this.#timer)
    this.outbox.pause()
    // To come back is to come anew.
    this.#epoch = null
    this.#becomes("ended", problem)
  }

  /**
   * @param {Room["state"]} state
   * @param {Problem | null} [problem]
   */
  #becomes(state, problem = null) {
    this.state = state
    this.problem = problem
    this.emit("state", state)
  }
}

/** What lasts as long as the window, where there is such a thing and it may be used. */
function pageStorage() {
  try {
    return globalThis.sessionStorage ?? null
  } catch {
    return null
  }
}

/**
 * @param {string} room
 * @param {Unsent} item
 */
function request(room, { kind, text, cid, to, reply_to }) {
  if (kind === "whisper") return { type: "whisper", room, to, text, cid }
  return { type: "chat", room, text, cid, reply_to }
}
