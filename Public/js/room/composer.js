// @ts-check
import { announce, byID } from "../ui/dom.js"
import { problemText, t } from "../i18n/index.js"
import { RoostError } from "../roost/index.js"
import { Aim } from "./aim.js"
import { Suggestions } from "./suggestions.js"

/** @import { Member, RoostEvent } from "../roost/types.js" */
/** @import { Connection, Room } from "../roost/index.js" */

/** How many characters before the limit the rest is shown. */
const WARN_AT = 200

/** Where messages are written. */
export class Composer {
  #room
  #roost
  #sent
  #text = /** @type {HTMLTextAreaElement} */ (byID("text"))
  #suggestions
  #aim

  /**
   * @param {Room} room
   * @param {Connection} roost
   * @param {{ sent: () => void }} actions
   */
  constructor(room, roost, { sent }) {
    this.#room = room
    this.#roost = roost
    this.#sent = sent
    this.#suggestions = new Suggestions(room, this.#text)
    this.#aim = new Aim(room, this.#text)
    byID("composer").addEventListener("submit", (event) => {
      event.preventDefault()
      this.#send()
    })
    this.#text.addEventListener("keydown", (event) => this.#press(event))
    this.#text.addEventListener("input", () => this.#changed())
    room.on("state", (state) => state === "joined" && this.#focusOnce())
    this.#changed()
  }

  /** Has the next messages go to one person alone. @param {Member} member */
  whisperTo(member) {
    this.#aim.whisperTo(member)
  }

  /** Has the next message answer another one. @param {RoostEvent} event */
  replyTo(event) {
    this.#aim.replyTo(event)
  }

  /** Has a message of one's own changed. @param {RoostEvent} event */
  edit(event) {
    this.#aim.change(event)
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    // While a syllable is put together, as in Korean, Enter ends the syllable. (229: Safari says it after the composition.)
    if (event.isComposing || event.keyCode === 229) return
    if (this.#suggestions.press(event)) return
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault()
      this.#send()
    } else if (event.key === "Escape" && this.#aim.isSet) this.#aim.clear()
    else if (event.key === "ArrowUp" && !this.#text.value && !this.#aim.isSet) this.#editLast(event)
  }

  /** As in many chats, the arrow goes up to what one has said last. @param {KeyboardEvent} event */
  #editLast(event) {
    const last = this.#room.messages.lastOf(this.#room.you?.id ?? "")
    if (!last) return
    event.preventDefault()
    this.edit(last)
  }

  #changed() {
    const { value } = this.#text
    this.#text.style.setProperty("--lines", String(Math.min(8, value.split("\n").length)))
    const left = this.#roost.limits.text - [...value].length
    const note = byID("composer-left")
    note.textContent = left < WARN_AT ? t("composer.left", { n: left }) : ""
    note.classList.toggle("is-over", left < 0)
    byID("send").toggleAttribute("disabled", !value.trim())
    if (!this.#aim.whisper && !this.#aim.edit && !value.startsWith("/")) this.#room.typing(value !== "")
    this.#suggestions.update()
  }

  #send() {
    const text = this.#text.value.replace(/^\s*\n|\s+$/g, "")
    if (!text || [...text].length > this.#roost.limits.text) return
    const { whisper, reply, edit } = this.#aim
    if (edit) return void this.#change(edit, text)
    if (whisper) this.#room.whisper(whisper, text)
    else this.#room.send(text, { reply_to: reply?.seq })
    // A conversation in whispers goes on; an answer is given once.
    if (reply) this.#aim.clear()
    this.#text.value = ""
    this.#changed()
    this.#sent()
    this.#text.focus()
  }

  /** Says what a message says from now on; what the room does not take stays in the field. @param {RoostEvent} event @param {string} text */
  async #change({ seq }, text) {
    try {
      await this.#room.edit(seq, text)
      if (this.#aim.edit?.seq === seq) this.#aim.clear()
      announce(t("message.edit.done"))
    } catch (error) {
      const problem = error instanceof RoostError ? problemText(error.problem) : String(error)
      this.#aim.complain(problem)
      announce(problem)
    }
  }

  #hadFocus = false

  /** On a device with a keyboard one writes at once; on a phone the keyboard would cover the messages. */
  #focusOnce() {
    if (this.#hadFocus) return
    this.#hadFocus = true
    if (matchMedia("(pointer: fine)").matches) this.#text.focus({ preventScroll: true })
  }
}
