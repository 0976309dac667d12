// @ts-check
import { h } from "../ui/dom.js"
import { t } from "../i18n/index.js"
import { actions, field, openDialog } from "./dialog.js"

/** @import { Problem } from "../roost/types.js" */
/** @import { Room } from "../roost/index.js" */

/** Asks for a room's password. It stays in this page's memory and nowhere else. */
export class PasswordDialog {
  #room
  /** @type {HTMLDialogElement | null} */
  #dialog = null
  #input = h("input", { type: "password", name: "password", autocomplete: "current-password", autofocus: true })
  /** @type {(text: string) => void} */
  #say = () => {}

  /** @param {Room} room */
  constructor(room) {
    this.#room = room
    room.on("state", (state) => {
      if (state === "password") this.#ask(room.problem)
      else if (state !== "joining") this.#dialog?.close()
    })
  }

  /** @param {Problem | null} problem what was wrong with the one before */
  #ask(problem) {
    if (!this.#dialog) this.#open()
    if (problem) {
      this.#say(problem.code === "rate" ? t("password.rate", { seconds: Math.ceil(problem.retry_after ?? 60) }) : t("password.wrong"))
      this.#input.select()
    }
    this.#input.focus()
  }

  #open() {
    this.#input.value = ""
    const { element, say } = field({ label: t("password.label"), input: this.#input })
    this.#say = say
    this.#input.oninput = () => say("")
    const form = h(
      "form",
      { class: "dialog-form", novalidate: true, on: { submit: (/** @type {Event} */ event) => this.#submit(event) } },
      h("p", { class: "soft" }, t("password.text")),
      element,
      actions(h("a", { class: "button", href: "/" }, t("password.back")), h("button", { class: "button primary" }, t("password.submit"))),
    )
    const dialog = openDialog(t("password.title"), () => [form], { closedby: "none" })
    // Without the password there is nothing here to go back to.
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault()
      location.assign("/")
    })
    dialog.addEventListener("close", () => (this.#dialog = null))
    this.#dialog = dialog
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault()
    if (!this.#input.value) return this.#say(t("password.empty"))
    this.#say("")
    this.#room.enter(this.#input.value)
  }
}
