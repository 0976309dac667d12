// @ts-check

/** @import { Transport } from "./types.js" */
/** @import { Ladder } from "./ladder.js" */

/** Milliseconds before the first look for something better, and between two later ones. */
const SOON = 5000
const EVERY = 3 * 60_000

/** Milliseconds in which the better transport must have brought `welcome`. */
const WELCOME_TIME = 8000

/**
 * Tries the best transport in the background while a lesser one is in use: what held it back may have been for a moment, or
 * in another network. Nothing is interrupted by it; only a transport that has brought `welcome` is handed over.
 */
export class Climb {
  #ladder
  #adopt
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer
  /** @type {Transport | null} */
  #trial = null

  /**
   * @param {Ladder} ladder
   * @param {(transport: Transport, welcome: any) => void} adopt
   */
  constructor(ladder, adopt) {
    this.#ladder = ladder
    this.#adopt = adopt
  }

  /** There is a connection, perhaps not the best. */
  start() {
    this.stop()
    if (this.#ladder.isLow) this.#timer = setTimeout(() => this.#try(), SOON)
  }

  stop() {
    clearTimeout(this.#timer)
    const trial = this.#trial
    if (!trial) return
    trial.onmessage = trial.onclose = null
    trial.close()
    this.#trial = null
  }

  #try() {
    const trial = this.#ladder.makeBest()
    this.#trial = trial
    trial.onmessage = (message) => {
      if (message.type !== "welcome") return
      clearTimeout(this.#timer)
      this.#trial = null
      this.#ladder.bestWorked()
      this.#adopt(trial, message)
    }
    trial.onclose = () => this.#later()
    this.#timer = setTimeout(() => this.#later(), WELCOME_TIME)
    trial.open()
  }

  #later() {
    this.stop()
    this.#timer = setTimeout(() => this.#try(), EVERY)
  }
}
