// @ts-check
import { byID } from "../ui/dom.js"
import { nameOf } from "../ui/people.js"
import { t } from "../i18n/index.js"

/** @import { Member, RoostEvent } from "../roost/types.js" */
/** @import { Room } from "../roost/index.js" */

/**
 * What the text is for: everyone, one person alone, an answer to a message, or a message of one's own that is changed. A chip
 * above the text says it.
 */
export class Aim {
  /** Who is whispered to. @type {Member | null} */
  whisper = null
  /** The message that is answered. @type {RoostEvent | null} */
  reply = null
  /** The message that is changed. @type {RoostEvent | null} */
  edit = null
  /** What was being written when somebody began to change a message. */
  #draft = ""
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
    this.#chip.querySelector("button")?.addEventListener("click", () => {
      this.clear()
      this.#text.focus()
    })
    room.on("members", () => this.#checkWhisper())
    room.on("reset", () => (this.reply || this.edit) && this.clear())
    room.on("change", ({ seq, type }) => type === "deleted" && [this.reply?.seq, this.edit?.seq].includes(seq) && this.clear())
    this.#show()
  }

  get isSet() {
    return Boolean(this.whisper || this.reply || this.edit)
  }

  /** @param {Member} member */
  whisperTo(member) {
    this.#give({ whisper: member })
  }

  /** @param {RoostEvent} event */
  replyTo(event) {
    this.#give({ reply: event })
  }

  /** The text becomes that of a message of one's own; what was being written comes back after. @param {RoostEvent} event */
  change(event) {
    this.clear()
    this.#draft = this.#text.value
    this.#give({ edit: event })
    this.#write(event.text ?? event.caption ?? "")
  }

  /** What is wrong with what was to be changed. @param {string} text */
  complain(text) {
    this.#chip.querySelector(".aim-quote")?.replaceChildren(text)
  }

  /** The next message is for everyone again. */
  clear() {
    const wasEdit = this.edit !== null
    this.whisper = this.reply = this.edit = null
    if (wasEdit) this.#write(this.#draft)
    this.#show()
  }

  /** @param {string} text */
  #write(text) {
    this.#text.value = text
    this.#text.dispatchEvent(new Event("input", { bubbles: true }))
  }

  /** @param {{ whisper?: Member | null, reply?: RoostEvent | null, edit?: RoostEvent | null }} aim */
  #give({ whisper = null, reply = null, edit = null }) {
    if (this.edit && !edit) this.clear()
    this.whisper = whisper
    this.reply = reply
    this.edit = edit
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
    const { whisper, reply, edit } = this
    const person = whisper ?? reply?.from ?? edit?.from
    this.#chip.hidden = !person
    const composer = byID("composer")
    composer.classList.toggle("is-whisper", Boolean(whisper))
    composer.classList.toggle("is-reply", Boolean(reply))
    composer.classList.toggle("is-edit", Boolean(edit))
    this.#text.placeholder = whisper ? t("composer.whisper.placeholder", { name: whisper.name }) : t("composer.placeholder")
    if (!person) return
    const words = edit ? "composer.edit" : whisper ? (isGone ? "composer.whisper.gone" : "composer.whisper") : "message.reply.to"
    const [before, after] = t(words, { name: "\u0000" }).split("\u0000")
    this.#chip.querySelector(".aim-words")?.replaceChildren(before, edit ? "" : nameOf(person), after ?? "")
    this.#chip.querySelector(".aim-quote")?.replaceChildren(reply?.text ?? reply?.caption ?? "")
    const stop = edit ? "composer.edit.stop" : whisper ? "composer.whisper.stop" : "composer.reply.stop"
    this.#chip.querySelector("button")?.setAttribute("aria-label", t(stop))
  }
}
