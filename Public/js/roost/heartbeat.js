// @ts-check

const SILENCE = 30_000
const PATIENCE = 10_000
/** How often it looks, and how late a look may be before the machine must have slept. */
const TICK = 5_000
const LATE = 3 * TICK

/**
 * Notices a connection that is dead without saying so. After 30 s in which nothing was heard, or when the machine has slept, it
 * asks for a sign of life, and 10 s later gives up. (The server's own WebSocket pings cannot be seen from a page.)
 */
export class Heartbeat {
  #ask
  #dead
  #heardAt = 0
  #lookedAt = 0
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
    if (this.#timer === undefined) this.#watch()
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

  #watch() {
    this.#lookedAt = Date.now()
    this.#timer = setTimeout(() => this.#check(), TICK)
  }

  #check() {
    const now = Date.now()
    // Somebody has set the clock back.
    if (now < this.#heardAt) this.#heardAt = now
    const hasSlept = now - this.#lookedAt > LATE
    if (hasSlept || now - this.#heardAt >= SILENCE) this.#expectAnswer()
    else this.#watch()
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
