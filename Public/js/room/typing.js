// @ts-check
import { byID } from "../ui/dom.js"
import { t } from "../i18n/index.js"

/** @import { Room } from "../roost/index.js" */

/** Milliseconds after which a sign of typing is old. Signs come every three seconds. */
const FRESH = 6000

/** Says who is writing. */
export class TypingLine {
  /** Timers that end it, by member. @type {Map<string, ReturnType<typeof setTimeout>>} */
  #typing = new Map()
  #room
  #line = byID("typing")

  /** @param {Room} room */
  constructor(room) {
    this.#room = room
    room.on("typing", ({ member, on }) => (on ? this.#begin(member) : this.#end(member)))
    room.on("event", ({ from }) => from && this.#end(from.id))
    room.on("members", () => this.#show())
  }

  /** @param {string} id */
  #begin(id) {
    clearTimeout(this.#typing.get(id))
    this.#typing.set(id, setTimeout(() => this.#end(id), FRESH))
    this.#show()
  }

  /** @param {string} id */
  #end(id) {
    clearTimeout(this.#typing.get(id))
    if (this.#typing.delete(id)) this.#show()
  }

  #show() {
    const names = [...this.#typing.keys()].flatMap((id) => this.#room.members.byID.get(id)?.name ?? [])
    this.#line.textContent = names.length ? t("typing", { names }) : ""
  }
}
