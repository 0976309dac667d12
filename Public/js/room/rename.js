// @ts-check
import { h } from "../ui/dom.js"
import { problemText, t } from "../i18n/index.js"
import { RoostError } from "../roost/index.js"
import { actions, field, openDialog } from "./dialog.js"

/** @import { Connection } from "../roost/index.js" */

/**
 * Asks for another name of one's own.
 * @param {Connection} roost
 * @param {string} name the one so far
 */
export function renameDialog(roost, name) {
  const most = roost.limits.name
  const input = h("input", { name: "name", autocomplete: "nickname", maxlength: most, value: name, autofocus: true })
  const { element, say } = field({ label: t("people.rename.label"), hint: t("people.rename.hint", { n: most }), input })

  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault()
    try {
      await roost.rename(input.value.trim())
      dialog.close()
    } catch (error) {
      say(error instanceof RoostError ? problemText(error.problem) : String(error))
      input.focus()
    }
  }
  const dialog = openDialog(t("people.rename.title"), (close) => [
    h(
      "form",
      { class: "dialog-form", novalidate: true, on: { submit } },
      element,
      actions(
        h("button", { class: "button", type: "button", on: { click: close } }, t("dialog.cancel")),
        h("button", { class: "button primary" }, t("dialog.save")),
      ),
    ),
  ])
  input.select()
}
