// @ts-check
import { Heartbeat } from "./heartbeat.js"

/** @import { Transport } from "./types.js" */

/** @typedef {{ code: number, reason: string }} Closing */

/** The transport in use: watched from opening to its end, whichever way that comes, and then forgotten. */
export class Line {
  #hear
  #lost
  /** @type {Transport | null} */
  #transport = null
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer
  #heartbeat = new Heartbeat(
    () => this.#transport?.send({ type: "ping" }),
    () => this.#lost({ code: 1006, reason: "Nothing was heard." }),
  )

  /**
   * @param {(message: any) => void} hear
   * @param {(closing: Closing) => void} lost
   */
  constructor(hear, lost) {
    this.#hear = hear
    this.#lost = lost
  }

  get name() {
    return this.#transport?.name ?? ""
  }

  /** @param {Transport} transport @param {number} time milliseconds in which it must have brought `welcome` */
  open(transport, time) {
    this.use(transport)
    this.#timer = setTimeout(() => this.#lost({ code: 1006, reason: "No welcome." }), time)
    transport.open()
  }

  /** Takes one that is open already, or about to be. @param {Transport} transport */
  use(transport) {
    this.drop()
    this.#transport = transport
    transport.onclose = (closing) => this.#lost(closing)
    transport.onmessage = (message) => {
      this.#heartbeat.heard()
      if (message.type === "welcome") clearTimeout(this.#timer)
      this.#hear(message)
    }
  }

  /** @param {object} message @returns {boolean} false if it could not be sent */
  send(message) {
    return this.#transport?.send(message) ?? false
  }

  /** Asks for a sign of life now. */
  probe() {
    this.#heartbeat.probe()
  }

  /** @param {number} [code] */
  drop(code) {
    clearTimeout(this.#timer)
    this.#heartbeat.stop()
    const transport = this.#transport
    this.#transport = null
    if (!transport) return
    transport.onmessage = transport.onclose = null
    transport.close(code)
  }
}
