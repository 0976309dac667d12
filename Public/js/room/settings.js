// @ts-check
import { RoostError } from "../roost/index.js"
import { h } from "../ui/dom.js"
import { problemText, t } from "../i18n/index.js"
import { actions, field, openDialog } from "./dialog.js"

/** @import { Room } from "../roost/index.js" */

/** What the owner can change about the room. @param {Room} room */
export function settingsDialog(room) {
  const { title, topic, max, slow, locked } = /** @type {NonNullable<Room["info"]>} */ (room.info)
  const fields = {
    title: field({ label: t("settings.title"), input: h("input", { class: "input", value: title, required: true, maxlength: 60 }) }),
    topic: field({ label: t("settings.topic"), input: h("input", { class: "input", value: topic, maxlength: 200 }) }),
    max: field({ label: t("settings.max"), input: h("input", { class: "input", type: "number", value: String(max), min: 2, max: 10_000, required: true }) }),
    slow: field({
      label: t("settings.slow"),
      hint: t("settings.slow.hint"),
      input: h("input", { class: "input", type: "number", value: String(slow), min: 0, max: 86_400, required: true }),
    }),
  }
  const lock = h("input", { type: "checkbox", id: "settings-lock" })
  lock.checked = locked
  const value = (/** @type {keyof typeof fields} */ name) => /** @type {HTMLInputElement} */ (fields[name].element.querySelector("input")).value
  openDialog(t("room.settings"), (close) => {
    const save = async (/** @type {Event} */ event) => {
      event.preventDefault()
      for (const { say } of Object.values(fields)) say("")
      try {
        await room.rule("set", { title: value("title"), topic: value("topic"), max: Number(value("max")), slow: Number(value("slow")), locked: lock.checked })
        close()
      } catch (error) {
        if (!(error instanceof RoostError)) throw error
        const wrong = fields[/** @type {keyof typeof fields} */ (error.problem.field)] ?? fields.title
        wrong.say(problemText(error.problem))
      }
    }
    return [
      h(
        "form",
        { class: "dialog-form", on: { submit: save } },
        ...Object.values(fields).map(({ element }) => element),
        h("p", { class: "check" }, lock, h("label", { for: lock.id }, t("settings.locked"))),
        actions(
          h("button", { class: "button", type: "button", on: { click: close } }, t("dialog.cancel")),
          h("button", { class: "button primary" }, t("dialog.save")),
        ),
      ),
    ]
  })
}
