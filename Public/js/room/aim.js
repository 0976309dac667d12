// @ts-check
import { byID } from "../ui/dom.js"
import { nameOf } from "../ui/people.js"
import { t } from "../i18n/index.js"

/** @import { Member, RoostEvent } from "../roost/types.js" */
/** @import { Room } from "../roost/index.js" */

/** What the next message is for: everyone, one person alone, or an answer to a message. A chip above the text says it. */
export class Aim {
  /** Who is whispered to. @type {Member | null} */
  whisper = null
  /** The message that is answered. @type {RoostEvent | null} */
  reply = null
  #room
  #text
  #chip = byID("aim")

  /**
   * @param {Room} room
   * @param {HTMLTextAreaElement} text
   */
  constructor(room, text) {
    this.#room = room
    this.#text = text
    this.#chip.querySelector("button")?.addEventListener("click", () => this.#give({}))
    room.on("members", () => this.#checkWhisper())
    room.on("reset", () => this.reply && this.clear())
    this.#show()
  }

  get isSet() {
    return Boolean(this.whisper || this.reply)
  }

  /** @param {Member} member */
  whisperTo(member) {
    this.#give({ whisper: member })
  }

  /** @param {RoostEvent} event */
  replyTo(event) {
    this.#give({ reply: event })
  }

  /** The next message is for everyone again. */
  clear() {
    this.whisper = this.reply = null
    this.#show()
  }

  /** @param {{ whisper?: Member | null, reply?: RoostEvent | null }} aim */
  #give({ whisper = null, reply = null }) {
    this.whisper = whisper
    this.reply = reply
    this.#show()
    this.#text.focus()
  }

  /** The person may have gone, or have another name now. */
  #checkWhisper() {
    if (!this.whisper) return
    const here = this.#room.members.byID.get(this.whisper.id)
    if (here) this.whisper = here
    this.#show(!here)
  }

  #show(isGone = false) {
    const { whisper, reply } = this
    const person = whisper ?? reply?.from
    this.#chip.hidden = !person
    const composer = byID("composer")
    composer.classList.toggle("is-whisper", Boolean(whisper))
    composer.classList.toggle("is-reply", Boolean(reply))
    this.#text.placeholder = whisper ? t("composer.whisper.placeholder", { name: whisper.name }) : t("composer.placeholder")
    if (!person) return
    const words = whisper ? (isGone ? "composer.whisper.gone" : "composer.whisper") : "message.reply.to"
    const [before, after] = t(words, { name: "\u0000" }).split("\u0000")
    this.#chip.querySelector(".aim-words")?.replaceChildren(before, nameOf(person), after)
    this.#chip.querySelector(".aim-quote")?.replaceChildren(reply?.text ?? reply?.caption ?? "")
    this.#chip.querySelector("button")?.setAttribute("aria-label", t(whisper ? "composer.whisper.stop" : "composer.reply.stop"))
  }
}
