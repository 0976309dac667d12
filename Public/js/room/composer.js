// @ts-check
import { byID } from "../ui/dom.js"
import { nameOf } from "../ui/people.js"
import { t } from "../i18n/index.js"
import { Suggestions } from "./suggestions.js"

/** @import { Member } from "../roost/types.js" */
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
  /** Who is whispered to. @type {Member | null} */
  #whisper = null

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
    byID("composer").addEventListener("submit", (event) => {
      event.preventDefault()
      this.#send()
    })
    this.#text.addEventListener("keydown", (event) => this.#press(event))
    this.#text.addEventListener("input", () => this.#changed())
    byID("whisper").querySelector("button")?.addEventListener("click", () => this.#stopWhispering())
    room.on("members", () => this.#checkWhisper())
    room.on("state", (state) => state === "joined" && this.#focusOnce())
    this.#changed()
    this.#showWhisper()
  }

  /** Has the next messages go to one person alone. @param {Member} member */
  whisperTo(member) {
    this.#whisper = member
    this.#showWhisper()
    this.#text.focus()
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    // While a syllable is put together, as in Korean, Enter ends the syllable. (229: Safari says it after the composition.)
    if (event.isComposing || event.keyCode === 229) return
    if (this.#suggestions.press(event)) return
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault()
      this.#send()
    } else if (event.key === "Escape" && this.#whisper) this.#stopWhispering()
  }

  #changed() {
    const { value } = this.#text
    this.#text.style.setProperty("--lines", String(Math.min(8, value.split("\n").length)))
    const left = this.#roost.limits.text - [...value].length
    const note = byID("composer-left")
    note.textContent = left < WARN_AT ? t("composer.left", { n: left }) : ""
    note.classList.toggle("is-over", left < 0)
    byID("send").toggleAttribute("disabled", !value.trim())
    if (!this.#whisper && !value.startsWith("/")) this.#room.typing(value !== "")
    this.#suggestions.update()
  }

  #send() {
    const text = this.#text.value.replace(/^\s*\n|\s+$/g, "")
    if (!text || [...text].length > this.#roost.limits.text) return
    if (this.#whisper) this.#room.whisper(this.#whisper, text)
    else this.#room.send(text)
    this.#text.value = ""
    this.#changed()
    this.#sent()
    this.#text.focus()
  }

  #stopWhispering() {
    this.#whisper = null
    this.#showWhisper()
    this.#text.focus()
  }

  /** The person may have gone, or have another name now. */
  #checkWhisper() {
    if (!this.#whisper) return
    const here = this.#room.members.byID.get(this.#whisper.id)
    if (here) this.#whisper = here
    this.#showWhisper(!here)
  }

  #showWhisper(isGone = false) {
    const chip = byID("whisper")
    const member = this.#whisper
    chip.hidden = !member
    byID("composer").classList.toggle("is-whisper", Boolean(member))
    this.#text.placeholder = member ? t("composer.whisper.placeholder", { name: member.name }) : t("composer.placeholder")
    if (!member) return
    const [before, after] = t(isGone ? "composer.whisper.gone" : "composer.whisper", { name: "\u0000" }).split("\u0000")
    chip.querySelector(".whisper-words")?.replaceChildren(before, nameOf(member), after)
  }

  #hadFocus = false

  /** On a device with a keyboard one writes at once; on a phone the keyboard would cover the messages. */
  #focusOnce() {
    if (this.#hadFocus) return
    this.#hadFocus = true
    if (matchMedia("(pointer: fine)").matches) this.#text.focus({ preventScroll: true })
  }
}
