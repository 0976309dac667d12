// @ts-check
import { announce, byID, h } from "../ui/dom.js"
import { t } from "../i18n/index.js"
import { noticeBox, updateMessage, whisperBox } from "./message.js"
import { Page } from "./log-page.js"
import { MessageMenu } from "./message-menu.js"
import { Reactions } from "./message-reactions.js"
import { Replies } from "./replies.js"
import { Scroll } from "./scroll.js"

/** @import { Member, RoostEvent } from "../roost/types.js" */
/** @import { Room } from "../roost/index.js" */

/** With more entries than this the oldest ones are taken out; scrolling up brings them back. */
const MOST = 500
const KEPT = 300

/** How many earlier pages are looked through for a message that was answered, and how long they are. */
const SEARCHED = 5
const LONG_PAGE = 200

/** The messages of the room: history, new ones, and earlier pages when somebody scrolls up. */
export class Log {
  scroll = new Scroll()
  replies
  #room
  #whisperTo
  #parts
  #log = byID("log")
  #older = byID("older")
  #beginning = byID("beginning")
  #page
  #isLoading = false

  /**
   * @param {Room} room
   * @param {object} actions
   * @param {(member: Member) => void} actions.whisperTo
   * @param {(event: RoostEvent) => void} actions.replyTo
   * @param {(event: RoostEvent) => void} actions.edit
   */
  constructor(room, { whisperTo, replyTo, edit }) {
    this.#room = room
    this.#whisperTo = whisperTo
    const replies = (this.replies = new Replies(room, (seq) => this.#goTo(seq)))
    const reactions = new Reactions(room, (text) => this.tell(text))
    const menu = new MessageMenu(room, { replyTo, edit, react: (event, emoji) => reactions.toggle(event, emoji), tell: (text) => this.tell(text) })
    this.#parts = {
      isMine: (/** @type {Member} */ author) => author.id === room.you?.id,
      learn: (/** @type {RoostEvent} */ event) => replies.learn(event),
      quote: (/** @type {number} */ seq) => replies.quote(seq),
      replyTo,
      openMenu: (/** @type {RoostEvent} */ event, /** @type {HTMLElement} */ button) => menu.open(event, button),
      reactions: (/** @type {RoostEvent} */ event) => reactions.row(event),
    }
    this.#page = new Page(this.#log, this.#parts)
    room.on("reset", () => this.#clear())
    room.on("event", (event) => this.#add(() => this.#page.add(event), event.from?.id === room.you?.id))
    room.on("change", (event) => this.#change(event))
    room.on("notice", (notice) => this.#add(() => this.#page.addElement(noticeBox(notice), notice.at)))
    room.on("whisper", (whisper) => {
      const isMine = whisper.from.id === room.you?.id
      this.#add(() => this.#page.addElement(whisperBox(whisper, isMine, this.#whisperTo), whisper.at), isMine)
    })
    room.on("state", (state) => state === "joined" && this.#shown())
    this.#older.addEventListener("click", () => this.#loadOlder())
    this.scroll.onTop(() => this.#loadOlder())
  }

  toBottom() {
    this.scroll.toBottom()
  }

  /** Tells something to whoever looks at the page, below the messages. @param {string} text */
  tell(text) {
    const at = Date.now()
    this.#add(() => this.#page.addElement(noticeBox({ type: "notice", at, text, by: "" }), at), true)
  }

  /** A message is not what it was. @param {RoostEvent} event */
  #change(event) {
    this.replies.learn(event)
    const element = /** @type {HTMLElement | null} */ (this.#log.querySelector(`.message[data-seq="${event.seq}"]`))
    if (element) this.scroll.keepBottom(() => updateMessage(element, event, this.#parts))
  }

  #clear() {
    // What is already there is not news to a screen reader.
    this.#log.setAttribute("aria-busy", "true")
    this.#log.replaceChildren()
    this.#page = new Page(this.#log, this.#parts)
  }

  /** History has been put in. */
  #shown() {
    this.#showBeginning()
    if (this.#log.getAttribute("aria-busy") !== "true") return
    this.scroll.toBottom()
    setTimeout(() => this.#log.removeAttribute("aria-busy"), 300)
  }

  /** @param {() => void} put @param {boolean} [isMine] */
  #add(put, isMine = false) {
    this.scroll.keepBottom(put)
    if (isMine && this.#room.isLive) this.scroll.toBottom()
    this.#trim()
  }

  #trim() {
    if (this.#log.childElementCount <= MOST || !this.scroll.isAtBottom) return
    this.scroll.keepBottom(() => {
      while (this.#log.childElementCount > KEPT) this.#log.firstElementChild?.remove()
    })
    const first = this.#log.querySelector("[data-seq]")
    if (first) this.#room.forgetBefore(Number(/** @type {HTMLElement} */ (first).dataset.seq))
    this.#showBeginning()
  }

  #showBeginning() {
    this.#older.hidden = !this.#room.hasMore
    this.#beginning.hidden = this.#room.hasMore
  }

  /** Shows a message that somebody has answered, however long ago it was. @param {number} seq */
  async #goTo(seq) {
    const find = () => /** @type {HTMLElement | null} */ (this.#log.querySelector(`[data-seq="${seq}"]`))
    for (let page = 0; !find() && page < SEARCHED && (await this.#loadOlder(LONG_PAGE)); page += 1);
    const message = find()
    if (!message) return announce(t("message.quote.gone"))
    message.scrollIntoView({ block: "center" })
    message.focus({ preventScroll: true })
    message.classList.remove("is-found")
    requestAnimationFrame(() => message.classList.add("is-found"))
  }

  /** @param {number} [limit] @returns {Promise<boolean>} whether there was more */
  async #loadOlder(limit) {
    if (this.#isLoading || !this.#room.hasMore || this.#room.state !== "joined") return false
    this.#isLoading = true
    let isMore = false
    this.#older.textContent = t("log.older.loading")
    this.#log.setAttribute("aria-busy", "true")
    try {
      const events = await this.#room.older(limit)
      isMore = events.length > 0
      this.scroll.keepPlace(() => {
        this.#prepend(events)
        this.#showBeginning()
      })
      this.#older.textContent = t("log.older")
    } catch {
      this.#older.textContent = t("log.older.failed")
    }
    this.#isLoading = false
    setTimeout(() => this.#log.removeAttribute("aria-busy"), 300)
    return isMore
  }

  /** @param {RoostEvent[]} events */
  #prepend(events) {
    const box = h("div")
    const page = new Page(box, this.#parts)
    for (const event of events) page.add(event)
    const first = /** @type {HTMLElement | null} */ (this.#log.firstElementChild)
    if (first?.dataset.day && first.dataset.day === page.day) first.remove()
    this.#log.prepend(...box.children)
  }
}
