// @ts-check
import { h } from "../ui/dom.js"
import { avatarOf, nameOf } from "../ui/people.js"
import { t } from "../i18n/index.js"
import { actions, confirmDialog, openDialog } from "./dialog.js"

/** @import { Member } from "../roost/types.js" */
/** @import { Room } from "../roost/index.js" */

/** What can be done about a person: the slash commands for it, and whether to ask first. The room offers those it has. */
const ACTIONS = [
  { command: "mute", arguments: "10m", asks: true },
  { command: "unmute", arguments: "", asks: false },
  { command: "kick", arguments: "", asks: true },
  { command: "ban", arguments: "1d", asks: true },
  { command: "owner", arguments: "", asks: true },
]

/** A person of the room, with what this person may do about them. */
export class PersonActions {
  #room
  #whisperTo

  /**
   * @param {Room} room
   * @param {(member: Member) => void} whisperTo
   */
  constructor(room, whisperTo) {
    this.#room = room
    this.#whisperTo = whisperTo
  }

  get #offered() {
    return ACTIONS.filter(({ command }) => this.#room.commands.some(({ name }) => name === command))
  }

  get areAny() {
    return this.#offered.length > 0
  }

  /** @param {Member} member */
  open(member) {
    openDialog(h("span", { class: "dialog-person" }, avatarOf(member), nameOf(member)), (close) => [
      h(
        "div",
        { class: "dialog-list" },
        button(t("people.action.whisper"), () => {
          close()
          this.#whisperTo(member)
        }),
        ...this.#offered.map((action) =>
          button(
            t(/** @type {any} */ (`people.action.${action.command}`)),
            () => {
              close()
              this.#act(action, member)
            },
            action.command === "kick" || action.command === "ban",
          ),
        ),
      ),
      actions(button(t("dialog.close"), close)),
    ])
  }

  /** @param {typeof ACTIONS[number]} action @param {Member} member */
  #act(action, member) {
    // By id: names may be the same or have spaces.
    const run = () => this.#room.send(`/${action.command} ${member.id} ${action.arguments}`.trim())
    if (!action.asks) return run()
    const words = `people.confirm.${action.command}`
    confirmDialog({
      title: t(/** @type {any} */ (words), { name: member.name }),
      text: t(/** @type {any} */ (`${words}.text`)),
      action: t(/** @type {any} */ (`people.action.${action.command}`)),
      isDangerous: action.command !== "owner",
      run,
    })
  }
}

/** @param {string} text @param {() => void} press @param {boolean} [isDangerous] */
function button(text, press, isDangerous = false) {
  return h("button", { class: isDangerous ? "button danger" : "button", type: "button", on: { click: press } }, text)
}
