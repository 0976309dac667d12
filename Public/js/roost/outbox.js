// @ts-check
import { newCID } from "./cid.js"
import { RoostError } from "./emitter.js"

/** @import { Problem, RoostEvent, Unsent } from "./types.js" */

/** Refusals that say "later": the message is sent again without asking anybody. Seconds to wait if the server names none. */
const LATER = { rate: 1, unavailable: 5 }

/**
 * What one person has written in one room and the room has not shown yet. Kept in a Storage, so that a reload loses nothing.
 *
 * Messages go one after the other, each when the one before it has been answered: what was written first is shown first,
 * whatever happens to the connection. One that lost its answer (a message, a whisper or a slash command) is sent again with
 * the same `cid`, which the server knows to be the same message.
 */
export class Outbox {
  /** @type {Unsent[]} */
  items = []
  #key
  #storage
  #send
  #changed
  #isSending = false
  #isOpen = false
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer

  /**
   * @param {object} options
   * @param {string} options.key the name it is stored under
   * @param {Storage | null} options.storage
   * @param {(item: Unsent) => Promise<{ type: string, seq?: number }>} options.send
   * @param {() => void} options.changed called after each change of `items`
   */
  constructor({ key, storage, send, changed }) {
    this.#key = key
    this.#storage = storage
    this.#send = send
    this.#changed = changed
    this.#load()
  }

  /** @param {Pick<Unsent, "kind" | "text" | "to" | "toName" | "reply_to">} message */
  add(message) {
    const item = /** @type {Unsent} */ ({ ...message, cid: newCID(), at: Date.now(), state: "waiting" })
    this.items.push(item)
    this.#save()
    this.#next()
    return item
  }

  /** Sends a refused message once more, as the last one. @param {string} cid */
  retry(cid) {
    const item = this.#take(cid)
    if (!item) return
    // A new name: the server would answer the old one as it did before.
    this.items.push({ ...item, cid: newCID(), state: "waiting", at: Date.now(), problem: undefined })
    this.#save()
    this.#next()
  }

  /** @param {string} cid */
  remove(cid) {
    if (this.#take(cid)) this.#save()
  }

  /** The room can be sent to. */
  open() {
    this.#isOpen = true
    this.#next()
  }

  /** The room cannot be sent to for now. */
  pause() {
    this.#isOpen = false
    clearTimeout(this.#timer)
  }

  /** The room has shown a message of ours. @param {RoostEvent} event */
  delivered(event) {
    if (event.cid !== undefined) this.remove(event.cid)
  }

  /** The server says that it takes a while to decide about a message of ours. @param {string} cid */
  checking(cid) {
    const item = this.items.find((item) => item.cid === cid && item.state === "sent")
    if (!item) return
    item.state = "checking"
    this.#save()
  }

  /** The room was shown anew, up to `seq`: what was accepted before that is in its history. @param {number} seq */
  shownUpTo(seq) {
    const left = this.items.filter((item) => !(item.state === "accepted" && (item.seq ?? 0) <= seq))
    if (left.length === this.items.length) return
    this.items = left
    this.#save()
  }

  async #next() {
    if (this.#isSending || !this.#isOpen) return
    const item = this.items.find(({ state }) => state === "waiting")
    if (!item) return
    this.#isSending = true
    item.state = "sent"
    this.#save()
    try {
      this.#accepted(item, await this.#send(item))
    } catch (error) {
      this.#failed(item, error instanceof RoostError ? error.problem : { code: "unknown", text: String(error) })
    }
    this.#isSending = false
    this.#next()
  }

  /**
   * @param {Unsent} item
   * @param {{ type: string, seq?: number }} answer
   */
  #accepted(item, answer) {
    if (answer.type === "held") item.state = "held"
    else if (answer.seq === undefined) this.#take(item.cid)
    else {
      item.state = "accepted"
      item.seq = answer.seq
    }
    this.#save()
  }

  /**
   * @param {Unsent} item
   * @param {Problem} problem
   */
  #failed(item, problem) {
    if (problem.code in LATER) {
      item.state = "waiting"
      this.pause()
      const seconds = problem.retry_after ?? LATER[/** @type {keyof LATER} */ (problem.code)]
      this.#timer = setTimeout(() => this.open(), seconds * 1000)
    } else if (problem.code === "disconnected" || problem.code === "not_member") {
      this.#isOpen = false
      item.state = "waiting"
    } else {
      item.state = "refused"
      item.problem = problem
    }
    this.#save()
  }

  /** @param {string} cid */
  #take(cid) {
    const index = this.items.findIndex((item) => item.cid === cid)
    return index < 0 ? undefined : this.items.splice(index, 1)[0]
  }

  #load() {
    try {
      this.items = JSON.parse(this.#storage?.getItem(this.#key) ?? "[]")
    } catch {
      this.items = []
    }
    for (const item of this.items) if (item.state === "sent" || item.state === "checking") item.state = "waiting"
  }

  #save() {
    try {
      if (this.items.length) this.#storage?.setItem(this.#key, JSON.stringify(this.items))
      else this.#storage?.removeItem(this.#key)
    } catch {
      // A full or forbidden storage: what is unsent is then lost with the page, and nothing else.
    }
    this.#changed()
  }
}

/**
 * The protocol's message for it.
 * @param {string} room
 * @param {Unsent} item
 */
export function request(room, { kind, text, cid, to, reply_to }) {
  if (kind === "whisper") return { type: "whisper", room, to, text, cid }
  return { type: "chat", room, text, cid, reply_to }
}
