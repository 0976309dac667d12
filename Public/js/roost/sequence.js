// @ts-check

/** How far one has read a room's numbered events, so that each is told once and none is left out. */
export class Sequence {
  /** @type {string | null} */
  #epoch = null
  /** The first event that is shown; earlier ones can be asked for. */
  first = 0
  /** The last one that was told. */
  last = 0

  /** Where to go on from, for `join`. @returns {{ epoch?: string, seq?: number }} */
  get position() {
    return this.#epoch === null ? {} : { epoch: this.#epoch, seq: this.last }
  }

  /**
   * @param {{ reset: boolean, epoch: string, seq: number, first: number }} joined
   * @returns {boolean} whether what was shown must be forgotten
   */
  begin({ reset, epoch, first }) {
    if (!reset && epoch === this.#epoch) return false
    this.#epoch = epoch
    this.first = first
    this.last = this.first - 1
    return true
  }

  /** @param {number} seq @returns {"known" | "next" | "hole"} */
  place(seq) {
    if (seq <= this.last) return "known"
    return seq === this.last + 1 ? "next" : "hole"
  }

  /** To come back is to come anew. */
  forget() {
    this.#epoch = null
  }
}
