// @ts-check

const SILENCE = 30_000
const PATIENCE = 10_000

/**
 * Notices a connection that is dead without saying so. After 30 s in which nothing was heard it asks for a sign of life, and
 * 10 s later gives up. (The server's own WebSocket pings cannot be seen from a page.)
 */
export class Heartbeat {
  #ask
  #dead
  #heardAt = 0
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer

  /**
   * @param {() => void} ask sends a ping
   * @param {() => void} dead
   */
  constructor(ask, dead) {
    this.#ask = ask
    this.#dead = dead
  }

  /** Something was heard. Cheap: the timer is not set anew for each message. */
  heard() {
    this.#heardAt = Date.now()
    this.#timer ??= setTimeout(() => this.#check(), SILENCE)
  }

  /** Asks now, after a time in which timers may have slept. */
  probe() {
    if (this.#timer === undefined) return
    this.#expectAnswer()
  }

  stop() {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #check() {
    const silent = Date.now() - this.#heardAt
    if (silent < SILENCE) this.#timer = setTimeout(() => this.#check(), SILENCE - silent)
    else this.#expectAnswer()
  }

  #expectAnswer() {
    clearTimeout(this.#timer)
    const asked = Date.now()
    this.#ask()
    this.#timer = setTimeout(() => {
      if (this.#heardAt < asked) this.#dead()
      else this.#check()
    }, PATIENCE)
  }
}
