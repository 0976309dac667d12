// @ts-check
import { apply } from "./apply.js"
import { Emitter } from "./emitter.js"
import { Members } from "./members.js"
import { Messages } from "./messages.js"
import { Outbox, request } from "./outbox.js"
import { pageStorage } from "./page-storage.js"
import { Seat } from "./seat.js"
import { Sequence } from "./sequence.js"
import { TypingSign } from "./typing.js"

/** @import { Command, Member, Review, RoomInfo, RoostEvent } from "./types.js" */
/** @import { Connection } from "./connection.js" */

/**
 * A room, joined again whenever the connection comes back, from where it was. Every event comes once and in order.
 *
 * `state` is `away` (no connection), `joining`, `knocking` (a moderator decides), `password` (call `enter`; `problem` says what
 * was wrong with the last one), `joined`, or `ended` (`problem` says why; `retry` tries again).
 *
 * Events: `state`; `reset` (forget what was shown); `event` (a RoostEvent, of history and new ones alike: `isLive` tells);
 * `change` (a message that is not what it was: edited, deleted, reacted to); `members`; `info`; `commands`; `whisper`; `notice`;
 * `typing` (`{member, on}`); `outbox`; `reviews` (what waits for a moderator, if this person is one).
 */
export class Room extends Emitter {
  info = /** @type {RoomInfo | null} */ (null)
  you = /** @type {Member | null} */ (null)
  commands = /** @type {Command[]} */ ([])
  members = new Members()
  /** What waits for a moderator, by its id. @type {Map<string, Review>} */
  reviews = new Map()
  /** What was told, as it is now. */
  messages = new Messages()
  /** Whether events before the first one shown can be asked for. */
  hasMore = false
  /** Whether the event that is being told happened just now, and is not history. */
  isLive = false
  outbox

  #connection
  #seat
  #sequence = new Sequence()
  #typing = new TypingSign((on) => this.state === "joined" && this.#connection.tell({ type: "typing", room: this.id, on }))
  /** What came before the answer to `join`. @type {any[]} */
  #early = []

  /**
   * @param {Connection} connection
   * @param {string} id
   * @param {{ password?: string, storage?: Storage | null }} [options]
   */
  constructor(connection, id, { password, storage = pageStorage() } = {}) {
    super()
    this.id = id
    this.#connection = connection
    this.#seat = new Seat(connection, {
      room: id,
      password,
      position: () => this.#sequence.position,
      joined: (joined) => this.#joined(joined),
      changed: () => this.#seatChanged(),
    })
    this.outbox = new Outbox({
      key: `roost.outbox.${id}`,
      storage,
      send: (item) => this.#seat.ask(request(id, item)),
      changed: () => this.emit("outbox"),
    })
  }

  get state() {
    return this.#seat.state
  }

  get problem() {
    return this.#seat.problem
  }

  /**
   * Says something in the room, or does a slash command. It is kept until the room has shown it.
   * @param {string} text @param {{ reply_to?: number }} [options] the `seq` of the message it answers
   */
  send(text, { reply_to } = {}) {
    this.#typing.sent()
    return this.outbox.add({ kind: /^\/\p{L}/u.test(text) ? "command" : "chat", text, reply_to })
  }

  /** Says something to one person. @param {Pick<Member, "id" | "name">} to @param {string} text */
  whisper(to, text) {
    return this.outbox.add({ kind: "whisper", text, to: to.id, toName: to.name })
  }

  /**
   * Does what moderators and owners may: `kick`, `mute`, `ban`, `unmute`, `unban`, `role`, `set`, `restrictions`, `approve`, `refuse`.
   * @param {string} type @param {Record<string, unknown>} [fields] as docs/protocol.md has them
   * @returns {Promise<any>} the answer; rejects with a RoostError
   */
  rule(type, fields = {}) {
    return this.#seat.ask({ ...fields, type, room: this.id })
  }

  /**
   * Changes what one has written: a text, or the caption of a GIF. Rejects with a RoostError, as the next three do.
   * @param {number} seq @param {string} text
   */
  async edit(seq, text) {
    await this.#seat.ask({ type: "edit", room: this.id, of: seq, text })
  }

  /** Deletes a message: one's own or, for moderators, anybody's. @param {number} seq */
  async delete(seq) {
    await this.#seat.ask({ type: "delete", room: this.id, of: seq })
  }

  /** Puts an emoji under a message, or takes it away. @param {number} seq @param {string} emoji @param {boolean} [on] */
  async react(seq, emoji, on = true) {
    await this.#seat.ask({ type: "react", room: this.id, of: seq, emoji, on })
  }

  /** Asks a moderator to look at a message. @param {number} seq @param {string} [why] */
  async report(seq, why = "") {
    await this.#seat.ask({ type: "report", room: this.id, of: seq, why })
  }

  /** Shows others that this person is writing, or not any more. As often as one likes. @param {boolean} on */
  typing(on) {
    this.#typing.set(on)
  }

  /**
   * The events before the first one that was told.
   * @param {number} [limit] 1–200
   * @returns {Promise<RoostEvent[]>} empty if the room was shown anew meanwhile
   */
  async older(limit = 50) {
    const { first } = this.#sequence
    const page = await this.#seat.ask({ type: "history", room: this.id, before: first, limit })
    if (this.#sequence.first !== first) return []
    this.hasMore = page.more
    this.#sequence.first = page.first
    for (const event of page.events) if (event.of === undefined) this.messages.hear(event)
    return page.events
  }

  /** Events before this one are no longer shown, and `older` brings them again. @param {number} seq */
  forgetBefore(seq) {
    this.#sequence.first = seq
    this.messages.forgetBefore(seq)
    this.hasMore = true
  }

  /** Tries to get in with a password. @param {string} password */
  enter(password) {
    this.#seat.enter(password)
  }

  /** Tries to get in again after an end. */
  retry() {
    this.#seat.retry()
  }

  /** Leaves for good, on all connections of this person. */
  async leave() {
    this.outbox.pause()
    await this.#seat.leave()
  }

  connected() {
    this.#seat.connected()
  }

  /** @param {{ code: number, reason: string }} closing @param {boolean} comesBack */
  disconnected(closing, comesBack) {
    this.outbox.pause()
    this.#seat.disconnected(closing, comesBack)
  }

  /** @param {any} message */
  hear(message) {
    if (this.state === "joining" || this.state === "knocking") this.#early.push(message)
    else if (typeof message.seq === "number") this.#hearEvent(message)
    else if (message.type === "whisper" || message.type === "notice") this.emit(message.type, message)
    else if (message.type === "checking" && message.cid !== undefined) this.outbox.checking(message.cid)
    else if (message.type === "typing" && message.member !== this.you?.id) this.emit("typing", message)
    else if (message.type === "review" || message.type === "reviewed") this.#hearReview(message)
    else if (message.type === "room") this.#hearSettings(message.info)
  }

  /** @param {any} message */
  #hearReview(message) {
    if (message.type === "review") this.reviews.set(message.id, message)
    else this.reviews.delete(message.id)
    this.emit("reviews")
  }

  /** @param {RoomInfo} info */
  #hearSettings(info) {
    this.info = info
    this.emit("info")
  }

  /** @param {RoostEvent} event */
  #hearEvent(event) {
    if (this.state !== "joined") return
    const place = this.#sequence.place(event.seq)
    if (place === "known") return
    // A hole cannot be; if there is one, what is missing is asked for.
    if (place === "hole") return void this.#seat.join()
    this.#tell(event, true)
    const { you } = this
    apply(this, event)
    // Also if this person left in another window. A server that stops is only a pause: it asks everyone to come back.
    const isOver = event.type === "exit" && event.member?.id === you?.id && event.reason !== "shutdown"
    if (isOver) this.#seat.end({ code: event.reason ?? "left", text: "" })
    // Another role has other commands; only a join tells which.
    else if (this.you?.role !== you?.role) this.#seat.join()
  }

  /** @param {any} joined */
  #joined(joined) {
    this.you = joined.you
    this.info = joined.room
    this.commands = joined.commands
    this.members.replace(joined.members)
    // Whoever may see them is told of them anew.
    this.reviews.clear()
    const isNew = this.#sequence.begin(joined)
    if (isNew) {
      this.hasMore = joined.more
      this.messages.clear()
      this.emit("reset")
    }
    for (const event of joined.events) if (this.#sequence.place(event.seq) !== "known") this.#tell(event, !isNew)
    this.#sequence.last = joined.seq
    this.outbox.shownUpTo(joined.seq)
  }

  #seatChanged() {
    if (this.state === "ended") this.#sequence.forget()
    if (this.state !== "joined" && this.state !== "joining") this.outbox.pause()
    this.emit("state", this.state)
    if (this.state === "joining" || this.state === "knocking") return
    if (this.state === "joined") for (const change of ["info", "members", "commands", "reviews"]) this.emit(change)
    const early = this.#early
    this.#early = []
    for (const message of early) this.hear(message)
    if (this.state === "joined") this.outbox.open()
  }

  /** @param {RoostEvent} event @param {boolean} isLive */
  #tell(event, isLive) {
    this.#sequence.last = event.seq
    if (event.from?.id === this.you?.id) this.outbox.delivered(event)
    this.isLive = isLive
    const changed = this.messages.hear(event)
    this.emit("event", event)
    if (changed) this.emit("change", changed)
  }
}
