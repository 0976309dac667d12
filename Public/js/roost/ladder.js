// @ts-check
import { pageStorage } from "./page-storage.js"

/** @import { Transport } from "./types.js" */

/** How often in a row a transport may fail before the next one is tried. */
const PATIENCE = 2
const STORED = "roost.transport"

/** Milliseconds in which a transport must have brought `welcome`: less where there is another one to try. */
const WELCOME_TIME = 8000
const LAST_WELCOME_TIME = 15_000

/**
 * Which transport to connect by: the best one that gets through. One that fails twice in a row before `welcome`, although the
 * server can be reached, is held back by something between here and there; then the next one is tried, and after the last
 * the first again. While the server cannot be reached at all, no transport is to blame.
 *
 * What worked is remembered as long as the window is open.
 */
export class Ladder {
  #transports
  #storage
  #isReachable
  #current = 0
  #failures = 0

  /**
   * @param {(() => Transport)[]} transports makes one for one connection each, the best first
   * @param {object} [options]
   * @param {Storage | null} [options.storage]
   * @param {() => Promise<boolean>} [options.isReachable] whether the server answers plain requests
   */
  constructor(transports, { storage = pageStorage(), isReachable = async () => true } = {}) {
    this.#transports = transports
    this.#storage = storage
    this.#isReachable = isReachable
    if (this.hasOthers) this.#current = Math.max(0, Math.min(transports.length - 1, this.#remembered()))
  }

  get hasOthers() {
    return this.#transports.length > 1
  }

  /** Whether there is a better transport than the one in use. */
  get isLow() {
    return this.#current > 0
  }

  get welcomeTime() {
    return this.#current < this.#transports.length - 1 ? WELCOME_TIME : LAST_WELCOME_TIME
  }

  /** The transport to connect by now. */
  make() {
    return this.#transports[this.#current]()
  }

  /** The best one, to see whether it works by now. */
  makeBest() {
    return this.#transports[0]()
  }

  /** The one in use has brought `welcome`. */
  worked() {
    this.#failures = 0
    this.#remember()
  }

  /** The best one has brought `welcome`. */
  bestWorked() {
    this.#current = 0
    this.worked()
  }

  /** The one in use has ended before `welcome`. */
  async failed() {
    if (!this.hasOthers) return
    const blamed = this.#current
    if (!(await this.#isReachable()) || this.#current !== blamed) return
    this.#failures += 1
    if (this.#failures < PATIENCE) return
    this.#failures = 0
    this.#current = (this.#current + 1) % this.#transports.length
  }

  #remembered() {
    try {
      return Number(this.#storage?.getItem(STORED) ?? 0) || 0
    } catch {
      return 0
    }
  }

  #remember() {
    if (!this.hasOthers) return
    try {
      if (this.#current) this.#storage?.setItem(STORED, String(this.#current))
      else this.#storage?.removeItem(STORED)
    } catch {
      // Then it is found out again on the next page.
    }
  }
}
