// @ts-check

/** An EventTarget whose events carry one value each, in `detail`. */
export class Emitter extends EventTarget {
  /**
   * @param {string} type
   * @param {unknown} [detail]
   */
  emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }))
  }

  /**
   * Like addEventListener, with the value itself.
   * @param {string} type
   * @param {(detail: any) => void} listener
   * @returns {() => void} takes the listener away again
   */
  on(type, listener) {
    const heard = (/** @type {Event} */ event) => listener(/** @type {CustomEvent} */ (event).detail)
    this.addEventListener(type, heard)
    return () => this.removeEventListener(type, heard)
  }
}

/** The server said no. */
export class RoostError extends Error {
  /** @param {import("./types.js").Problem} problem */
  constructor(problem) {
    super(problem.text)
    this.name = "RoostError"
    this.code = problem.code
    this.problem = problem
  }
}
