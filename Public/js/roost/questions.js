// @ts-check
import { RoostError } from "./emitter.js"

/** What was asked of the server by one connection, and waits for the message that refers to it. */
export class Questions {
  /** @type {Map<number, { resolve: (answer: any) => void, reject: (error: RoostError) => void, held?: (message: any) => void }>} */
  #waiting = new Map()
  #nextRef = 1

  /**
   * @param {(ref: number) => boolean} send asks it under that name; false if it could not be sent
   * @param {(message: any) => void} [held] told that it waits for a moderator, if that is not the answer but comes before it
   * @returns {Promise<any>} rejects with a RoostError
   */
  ask(send, held) {
    const ref = this.#nextRef++
    return new Promise((resolve, reject) => {
      this.#waiting.set(ref, { resolve, reject, held })
      if (send(ref)) return
      this.#waiting.delete(ref)
      reject(disconnected())
    })
  }

  /** @param {any} message one with a `ref` */
  answered(message) {
    const asked = this.#waiting.get(message.ref)
    if (message.type === "held" && asked?.held) return asked.held(message)
    this.#waiting.delete(message.ref)
    if (message.type === "error") asked?.reject(new RoostError(message))
    else asked?.resolve(message)
  }

  /** The connection is gone: nothing that waits will be answered. */
  giveUp() {
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const { reject } of waiting) reject(disconnected())
  }
}

function disconnected() {
  return new RoostError({ code: "disconnected", text: "There is no connection to the server." })
}
