// @ts-check

/** A wait that ends by itself: by a timer, or by the clock where timers have stood still because the machine slept. */
export class Patience {
  #abort = new AbortController()
  #until = 0
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer

  /** Aborted when the wait is over. */
  get signal() {
    return this.#abort.signal
  }

  /** Waits for so many milliseconds from now. @param {number} time */
  wait(time) {
    clearTimeout(this.#timer)
    this.#until = Date.now() + time
    this.#timer = setTimeout(() => this.end(), time)
  }

  /** Ends the wait if its time is over by the clock. */
  check() {
    if (Date.now() > this.#until) this.end()
  }

  end() {
    clearTimeout(this.#timer)
    this.#abort.abort()
  }
}
