// @ts-check
import { RoostError } from "./emitter.js"

/** @import { Problem } from "./types.js" */
/** @import { Connection } from "./connection.js" */

/** What the end of a connection means for the room it was for. @type {Record<number, string>} */
const ENDS = { 1000: "left", 4001: "kicked", 4002: "banned", 4003: "room_removed", 4005: "replaced", 4008: "refused" }

/** Being in a room, or not: gets in, gets in again when the connection has come back, and knows why one is out. */
export class Seat {
  /** @type {"away" | "joining" | "knocking" | "password" | "joined" | "ended"} */
  state = "away"
  /** @type {Problem | null} */
  problem = null

  #connection
  #room
  #position
  #joined
  #changed
  /** @type {string | undefined} */
  #password
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer

  /**
   * @param {Connection} connection
   * @param {object} options
   * @param {string} options.room
   * @param {string} [options.password]
   * @param {() => object} options.position where to go on from
   * @param {(joined: any) => void} options.joined called with the answer, before `state` is `joined`
   * @param {() => void} options.changed called after each change of `state`
   */
  constructor(connection, { room, password, position, joined, changed }) {
    this.#connection = connection
    this.#room = room
    this.#password = password
    this.#position = position
    this.#joined = joined
    this.#changed = changed
  }

  /** Gets in, or learns anew how the room is. */
  async join() {
    clearTimeout(this.#timer)
    this.#becomes("joining")
    try {
      const message = { type: "join", room: this.#room, password: this.#password, ...this.#position() }
      this.#joined(await this.#connection.ask(message, () => this.#becomes("knocking")))
      this.#becomes("joined")
    } catch (error) {
      if (!(error instanceof RoostError)) throw error
      this.#refused(error.problem)
    }
  }

  /** @param {string} password */
  enter(password) {
    this.#password = password
    this.join()
  }

  retry() {
    if (this.state !== "ended") return
    this.#becomes("away")
    if (this.#connection.state === "open") this.join()
    else this.#connection.reconnect()
  }

  /** Asks something that members may. If this person is none any more, they have left in another way. @param {any} message */
  async ask(message) {
    try {
      return await this.#connection.ask(message)
    } catch (error) {
      const isOut = error instanceof RoostError && error.code === "not_member" && this.state === "joined"
      if (isOut) this.end({ code: "left", text: error.message })
      throw error
    }
  }

  async leave() {
    try {
      await this.#connection.ask({ type: "exit", room: this.#room })
    } catch {
      // Without a connection the seat is free in a quarter of a minute anyway.
    }
    this.end({ code: "left", text: "You have left the room." })
  }

  /** @param {Problem} problem */
  end(problem) {
    clearTimeout(this.#timer)
    this.#becomes("ended", problem)
  }

  connected() {
    if (this.state !== "ended" && this.state !== "password") this.join()
  }

  /** @param {{ code: number, reason: string }} closing @param {boolean} comesBack */
  disconnected(closing, comesBack) {
    clearTimeout(this.#timer)
    if (this.state === "ended" || (this.state === "password" && comesBack)) return
    if (comesBack) this.#becomes("away")
    else this.end({ code: ENDS[closing.code] ?? "closed", text: closing.reason })
  }

  /** @param {Problem} problem */
  #refused(problem) {
    switch (problem.code) {
      case "disconnected":
        return
      case "unavailable":
        this.#timer = setTimeout(() => this.join(), (problem.retry_after ?? 5) * 1000)
        return
      case "wrong_password":
      case "rate": {
        const wasTried = this.#password !== undefined
        this.#password = problem.code === "rate" ? this.#password : undefined
        return this.#becomes("password", wasTried ? problem : null)
      }
      default:
        return this.end(problem)
    }
  }

  /** @param {Seat["state"]} state @param {Problem | null} [problem] */
  #becomes(state, problem = null) {
    this.state = state
    this.problem = problem
    this.#changed()
  }
}
