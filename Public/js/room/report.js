// @ts-check
import { h } from "../ui/dom.js"
import { problemText, t } from "../i18n/index.js"
import { RoostError } from "../roost/index.js"
import { actions, field, openDialog } from "./dialog.js"

/** @import { RoostEvent } from "../roost/types.js" */
/** @import { Room } from "../roost/index.js" */

/** Characters of a reason (docs/protocol.md "Changing messages"). */
const LONGEST = 500

/**
 * Asks why a moderator should look at a message, and reports it.
 * @param {Room} room
 * @param {RoostEvent} event
 * @param {(text: string) => void} tell
 */
export function reportDialog(room, event, tell) {
  const input = h("input", { name: "why", autocomplete: "off", maxlength: LONGEST, autofocus: true })
  const { element, say } = field({ label: t("report.label"), hint: t("report.hint"), input })
  const submit = async (/** @type {Event} */ submitted) => {
    submitted.preventDefault()
    try {
      await room.report(event.seq, input.value.trim())
      dialog.close()
      tell(t("report.done"))
    } catch (error) {
      say(error instanceof RoostError ? problemText(error.problem) : String(error))
      input.focus()
    }
  }
  const dialog = openDialog(t("report.title", { name: event.from?.name }), (close) => [
    h(
      "form",
      { class: "dialog-form", novalidate: true, on: { submit } },
      element,
      actions(
        h("button", { class: "button", type: "button", on: { click: close } }, t("dialog.cancel")),
        h("button", { class: "button primary" }, t("report.submit")),
      ),
    ),
  ])
}
