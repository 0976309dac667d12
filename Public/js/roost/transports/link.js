// @ts-check
import { RoostError } from "../emitter.js"
import { dataOf } from "./event-stream.js"
import { Patience } from "./patience.js"

/** Milliseconds that a request may take, beyond what it asks the server to wait. */
const PATIENCE = 15_000

/** Milliseconds of silence after which a stream is given up. The server gives a sign of life every 15 s. */
const SILENCE = 40_000

/** The server, for transports that ask it by HTTP. Whatever is under way ends with `close`. */
export class Link {
  #server
  #alive
  #abort = new AbortController()
  /** With what is under way. @type {Set<Patience>} */
  #waits = new Set()

  /**
   * @param {string} server its origin, `https://chat.example`
   * @param {() => void} alive called when anything was heard from it
   */
  constructor(server, alive) {
    this.#server = server
    this.#alive = alive
  }

  get isClosed() {
    return this.#abort.signal.aborted
  }

  close() {
    this.#abort.abort()
  }

  /** Gives up what should have been heard of by now, where the machine has slept. */
  check() {
    for (const wait of this.#waits) wait.check()
  }

  /**
   * Asks for something. Throws a RoostError if the server says no, any other error if it cannot be reached.
   * @param {string} path
   * @param {{ method?: string, body?: object, wait?: number, signal?: AbortSignal }} [options] `wait` in milliseconds
   * @returns {Promise<any>}
   */
  async ask(path, { method = "GET", body, wait = 0, signal } = {}) {
    const patience = this.#begin(wait + PATIENCE)
    try {
      const response = await fetch(this.#server + path, {
        method,
        headers: { Accept: "application/json", ...(body && { "Content-Type": "application/json" }) },
        body: body && JSON.stringify(body),
        signal: AbortSignal.any([this.#abort.signal, patience.signal, ...(signal ? [signal] : [])]),
      })
      const isBare = response.ok && (method === "HEAD" || response.status === 204)
      const answer = isBare ? {} : await answerOf(response)
      this.#alive()
      return answer
    } finally {
      this.#end(patience)
    }
  }

  /**
   * The messages of a stream of server-sent events, until it ends. Throws as `ask` does.
   * @param {string} path
   * @param {AbortSignal} [signal]
   * @returns {AsyncGenerator<any>}
   */
  async *stream(path, signal) {
    const patience = this.#begin(PATIENCE)
    try {
      const response = await fetch(this.#server + path, {
        headers: { Accept: "text/event-stream" },
        cache: "no-store",
        signal: AbortSignal.any([this.#abort.signal, patience.signal, ...(signal ? [signal] : [])]),
      })
      if (!response.ok || !response.body) await answerOf(response)
      const heard = () => {
        patience.wait(SILENCE)
        this.#alive()
      }
      for await (const data of dataOf(/** @type {ReadableStream<Uint8Array>} */ (response.body), heard)) yield JSON.parse(data)
    } finally {
      // Also if nobody wants to hear more of it.
      this.#end(patience)
    }
  }

  /** @param {number} time */
  #begin(time) {
    const patience = new Patience()
    patience.wait(time)
    this.#waits.add(patience)
    return patience
  }

  /** @param {Patience} patience */
  #end(patience) {
    patience.end()
    this.#waits.delete(patience)
  }
}

/** @param {Response} response */
async function answerOf(response) {
  const answer = await response.json().catch(() => null)
  if (answer?.type === "error") throw new RoostError(answer)
  // Not this server's: something between here and there.
  if (!response.ok || answer === null) throw new Error(`The server answered ${response.status}.`)
  return answer
}
