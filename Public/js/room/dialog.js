// @ts-check
import { RoostError } from "../roost/index.js"
import { h } from "../ui/dom.js"
import { problemText, t } from "../i18n/index.js"

let made = 0

/**
 * Opens a dialog and takes it away when it closes. The browser keeps the focus in it, and gives it back.
 * @param {string | Node} title
 * @param {(close: () => void) => (Node | null)[]} fill what is in it below the title
 * @param {Record<string, any>} [properties] of the dialog
 */
export function openDialog(title, fill, properties = {}) {
  made += 1
  const id = `dialog-title-${made}`
  const dialog = h("dialog", { "aria-labelledby": id, ...properties })
  const inside = fill(() => dialog.close()).filter((node) => node !== null)
  dialog.append(h("div", { class: "dialog-form" }, h("h2", { id }, title), ...inside))
  dialog.addEventListener("close", () => dialog.remove())
  // A press beside it closes it, unless it must be answered.
  if (properties.closedby !== "none") dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close())
  document.body.append(dialog)
  dialog.showModal()
  return dialog
}

/**
 * Asks before something that cannot be taken back.
 * @param {{ title: string, text: string, action: string, isDangerous?: boolean, run: () => void }} question
 */
export function confirmDialog({ title, text, action, isDangerous = true, run }) {
  const act = () => {
    dialog.close()
    run()
  }
  const dialog = openDialog(title, (close) => [
    h("p", { class: "soft" }, text),
    actions(
      h("button", { class: "button", type: "button", autofocus: true, on: { click: close } }, t("dialog.cancel")),
      h("button", { class: isDangerous ? "button danger" : "button primary", type: "button", on: { click: act } }, action),
    ),
  ])
}

/** Says why something was not done. @param {unknown} error */
export function showProblem(error) {
  if (!(error instanceof RoostError)) throw error
  openDialog(t("dialog.problem"), (close) => [
    h("p", { class: "soft" }, problemText(error.problem)),
    actions(h("button", { class: "button", type: "button", autofocus: true, on: { click: close } }, t("dialog.close"))),
  ])
}

/** @param {...Node} buttons */
export function actions(...buttons) {
  return h("div", { class: "dialog-actions" }, ...buttons)
}

/**
 * A field with its label, a hint, and a place for what is wrong.
 * @param {{ label: string, hint?: string, input: HTMLInputElement }} parts
 */
export function field({ label, hint, input }) {
  made += 1
  input.id = `field-${made}`
  input.setAttribute("aria-describedby", `field-${made}-hint field-${made}-error`)
  const error = h("p", { class: "field-error", id: `field-${made}-error`, role: "alert", hidden: true })
  const element = h(
    "div",
    { class: "field" },
    h("label", { for: input.id }, label),
    input,
    hint ? h("p", { class: "field-hint", id: `field-${made}-hint` }, hint) : null,
    error,
  )
  /** @param {string} text */
  const say = (text) => {
    error.textContent = text
    error.hidden = !text
    if (text) input.setAttribute("aria-invalid", "true")
    else input.removeAttribute("aria-invalid")
  }
  return { element, say }
}
