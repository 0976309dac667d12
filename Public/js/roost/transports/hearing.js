// @ts-check
import { RoostError } from "../emitter.js"

/** @import { Link } from "./link.js" */
/** @import { Position, Ways } from "./http.js" */

/** Milliseconds until somebody who waits to be let in asks again. */
export const KNOCK_EVERY = 2000

/** Exits of one's own that were not meant: the seat was lost on the way, and is taken again. */
const MISHAPS = ["timeout", "crash"]

/**
 * Being in one room over HTTP. To hear a room is to be in it; only the answer to POST …/join says how the room is and what
 * was missed. So first one begins to hear, then one asks, and what is heard before the answer waits for it: that way nothing
 * without a number (whispers, notices) falls between the two. Events in both are recognised by their `seq`.
 */
export class Hearing {
  #link
  #ways
  #room
  #path
  #abort = new AbortController()
  /** What was heard before the answer; null when it has come. @type {any[] | null} */
  #early = []
  #you = ""

  /** @param {Link} link @param {Ways} ways @param {string} room */
  constructor(link, ways, room) {
    this.#link = link
    this.#ways = ways
    this.#room = room
    this.#path = `/room/${encodeURIComponent(room)}`
  }

  stop() {
    this.#abort.abort()
  }

  /**
   * Joins, and tells what happens until one is out of the room again.
   * @param {{ password?: string, epoch?: string, seq?: number }} fields of `join`
   * @param {(message: any) => void} tell
   * @returns {Promise<{ code: number, reason: string } | null>} how the server ended it, or null if it is only the room's end
   */
  async run({ password, ...position }, tell) {
    try {
      const messages = await this.#enter(password, position.epoch === undefined ? null : /** @type {Position} */ (position))
      // A refusal of either ends both.
      return await Promise.race([this.#ask(position, tell), this.#listen(messages, tell)])
    } catch (error) {
      if (this.#abort.signal.aborted) return null
      // Refused after it was let in: to join again will say why.
      if (error instanceof RoostError && !this.#early) throw new Error(error.message)
      throw error
    } finally {
      this.stop()
    }
  }

  /** @param {string | undefined} password @param {Position | null} position */
  async #enter(password, position) {
    const hear = async () => {
      const messages = this.#ways.hearRoom(this.#link, this.#room, position, this.#abort.signal)
      await messages.next()
      return messages
    }
    try {
      return await hear()
    } catch (error) {
      const isClosed = error instanceof RoostError && error.code === "wrong_password"
      if (!isClosed || password === undefined) throw error
    }
    // A password is never part of an address.
    await this.#link.ask(`${this.#path}/join`, { method: "POST", body: { password }, signal: this.#abort.signal })
    return hear()
  }

  /** Ends only if it is refused, or one is out again. @param {object} position @param {(message: any) => void} tell */
  async #ask(position, tell) {
    let joined = await this.#requestSeat(position)
    while (joined.type === "held") {
      tell(joined)
      await new Promise((done) => setTimeout(done, KNOCK_EVERY))
      joined = await this.#requestSeat(position)
    }
    this.#you = joined.you.id
    tell(joined)
    const early = this.#early ?? []
    this.#early = null
    if (await this.#pass(early.filter(({ seq }) => seq === undefined || seq > joined.seq), tell)) return null
    return /** @type {Promise<never>} */ (new Promise(() => {}))
  }

  /** @param {object} position */
  #requestSeat(position) {
    return this.#link.ask(`${this.#path}/join`, { method: "POST", body: position, signal: this.#abort.signal })
  }

  /** @param {AsyncGenerator<any[]>} pieces @param {(message: any) => void} tell */
  async #listen(pieces, tell) {
    for await (const messages of pieces) {
      if (this.#abort.signal.aborted) return null
      const bye = messages.find(({ type }) => type === "bye")
      if (this.#early) this.#early.push(...messages)
      else if (await this.#pass(messages, tell)) return null
      if (bye) return bye
    }
    throw new Error("The stream ended.")
  }

  /** @param {any[]} messages @param {(message: any) => void} tell @returns {Promise<boolean>} whether one is out of the room now */
  async #pass(messages, tell) {
    for (const [index, message] of messages.entries()) {
      const isOwn = message.member?.id === this.#you
      if (message.type !== "exit" || !isOwn || message.reason === "shutdown") {
        tell(message)
        continue
      }
      if (MISHAPS.includes(message.reason)) throw new Error("The seat was lost.")
      tell(message)
      // A request to hear more was on its way, and has taken a seat again.
      const isBack = messages.slice(index).some(({ type, member }) => type === "join" && member.id === this.#you)
      if (isBack) await this.#link.ask(`${this.#path}/exit`, { method: "POST", body: {} })
      return true
    }
    return false
  }
}
