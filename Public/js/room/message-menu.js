// @ts-check
import { h } from "../ui/dom.js"
import { icon } from "../ui/icons.js"
import { problemText, t } from "../i18n/index.js"
import { RoostError } from "../roost/index.js"
import { confirmDialog } from "./dialog.js"
import { reportDialog } from "./report.js"

/** @import { Role, RoostEvent } from "../roost/types.js" */
/** @import { Room } from "../roost/index.js" */

/** What is offered at once; any other emoji can be typed. */
const EMOJI = ["👍", "❤️", "😂", "🎉", "😮", "😢"]

/** @type {Role[]} */
const MODERATORS = ["moderator", "owner", "admin"]

/** Pixels between the menu and what it belongs to, and the window's edge. */
const GAP = 4

/**
 * What can be done about a message, beside the message. The browser closes it by Escape and by a press elsewhere, and gives
 * the focus back.
 */
export class MessageMenu {
  #room
  #actions
  #menu = h("div", { class: "menu", popover: "auto", role: "dialog", on: { keydown: (/** @type {KeyboardEvent} */ event) => this.#press(event) } })

  /**
   * @param {Room} room
   * @param {object} actions
   * @param {(event: RoostEvent) => void} actions.replyTo
   * @param {(event: RoostEvent) => void} actions.edit
   * @param {(event: RoostEvent, emoji: string) => void} actions.react
   * @param {(text: string) => void} actions.tell shows what went wrong, or what was done
   */
  constructor(room, actions) {
    this.#room = room
    this.#actions = actions
    document.body.append(this.#menu)
    // A message that goes away takes its menu with it.
    room.on("reset", () => this.#close())
  }

  /** @param {RoostEvent} event @param {HTMLElement} button where it opens */
  open(event, button) {
    const name = event.from?.name ?? ""
    this.#menu.setAttribute("aria-label", t("message.more", { name }))
    this.#menu.replaceChildren(this.#emoji(event), this.#list(event))
    this.#menu.showPopover({ source: button })
    this.#place(button)
    this.#menu.querySelector("button")?.focus()
  }

  #close() {
    if (this.#menu.matches(":popover-open")) this.#menu.hidePopover()
  }

  /** Below the button where there is room, else above it; within the window in any case. @param {HTMLElement} button */
  #place(button) {
    const from = button.getBoundingClientRect()
    const { width, height } = this.#menu.getBoundingClientRect()
    const below = from.bottom + GAP
    const top = below + height + GAP <= innerHeight ? below : Math.max(GAP, from.top - height - GAP)
    const left = Math.min(Math.max(GAP, from.right - width), innerWidth - width - GAP)
    this.#menu.style.inset = `${top}px auto auto ${left}px`
  }

  /** @param {RoostEvent} event */
  #emoji(event) {
    const react = (/** @type {string} */ emoji) => {
      this.#close()
      this.#actions.react(event, emoji)
    }
    const input = h("input", { name: "emoji", autocomplete: "off", maxlength: 40, "aria-label": t("reaction.other"), placeholder: t("reaction.other.short") })
    const submit = (/** @type {Event} */ submitted) => {
      submitted.preventDefault()
      if (input.value.trim()) react(input.value.trim())
    }
    const mine = event.reactions?.filter(({ by }) => by.includes(this.#room.you?.id ?? "")).map(({ emoji }) => emoji) ?? []
    return h(
      "div",
      { class: "menu-emoji", role: "group", "aria-label": t("reaction.label") },
      ...EMOJI.map((emoji) =>
        h(
          "button",
          { class: "icon-button", type: "button", "aria-label": t("reaction.with", { emoji }), "aria-pressed": String(mine.includes(emoji)), on: { click: () => react(emoji) } },
          emoji,
        ),
      ),
      h("form", { on: { submit } }, input),
    )
  }

  /** @param {RoostEvent} event */
  #list(event) {
    const you = this.#room.you
    const isMine = event.from?.id === you?.id
    const mayDelete = isMine || MODERATORS.includes(you?.role ?? "member")
    return h(
      "div",
      { class: "menu-list" },
      this.#item("reply", "message.reply", () => this.#actions.replyTo(event)),
      isMine && this.#item("edit", event.gif ? "message.edit.caption" : "message.edit", () => this.#actions.edit(event)),
      !isMine && this.#item("flag", "message.report", () => reportDialog(this.#room, event, this.#actions.tell)),
      mayDelete && this.#item("trash", "message.delete", () => this.#askToDelete(event), true),
    )
  }

  /** @param {Parameters<typeof icon>[0]} picture @param {Parameters<typeof t>[0]} words @param {() => void} act @param {boolean} [isDangerous] */
  #item(picture, words, act, isDangerous = false) {
    const click = () => {
      this.#close()
      act()
    }
    return h("button", { class: isDangerous ? "menu-item danger" : "menu-item", type: "button", on: { click } }, icon(picture), h("span", {}, t(words)))
  }

  /** @param {RoostEvent} event */
  #askToDelete(event) {
    confirmDialog({
      title: t("message.delete.title"),
      text: t("message.delete.text"),
      action: t("message.delete"),
      run: async () => {
        try {
          await this.#room.delete(event.seq)
        } catch (error) {
          this.#actions.tell(error instanceof RoostError ? problemText(error.problem) : String(error))
        }
      },
    })
  }

  /** The arrows go from one to the next. @param {KeyboardEvent} event */
  #press(event) {
    const isTyping = event.target instanceof HTMLInputElement
    const step = { ArrowDown: 1, ArrowUp: -1, ...(isTyping ? {} : { ArrowRight: 1, ArrowLeft: -1 }) }[event.key]
    if (!step) return
    event.preventDefault()
    const all = [...this.#menu.querySelectorAll("button, input")]
    const next = all[(all.indexOf(/** @type {Element} */ (document.activeElement)) + step + all.length) % all.length]
    ;/** @type {HTMLElement} */ (next).focus()
  }
}
