// @ts-check

/** Milliseconds between two signs of typing. */
const EVERY = 3000

/** Lets through as many signs of typing as others need. */
export class TypingSign {
  #at = 0
  #tell

  /** @param {(on: boolean) => void} tell */
  constructor(tell) {
    this.#tell = tell
  }

  /** @param {boolean} on */
  set(on) {
    const now = Date.now()
    if (on ? now - this.#at < EVERY : this.#at === 0) return
    this.#at = on ? now : 0
    this.#tell(on)
  }

  /** A message ends it by itself. */
  sent() {
    this.#at = 0
  }
}
