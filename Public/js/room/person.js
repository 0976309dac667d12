// @ts-check
import { h } from "../ui/dom.js"
import { avatarOf, nameOf } from "../ui/people.js"
import { t } from "../i18n/index.js"
import { actions, confirmDialog, openDialog, showProblem } from "./dialog.js"

/** @import { Member, Role } from "../roost/types.js" */
/** @import { Room } from "../roost/index.js" */

/** Who stands below whom. @type {Role[]} */
const RANKS = ["member", "moderator", "owner", "admin"]

/**
 * What can be done about a person: the message that does it, the role it takes, and whether to ask first.
 * @type {{ name: string, type: string, fields?: Record<string, unknown>, least: Role, asks?: boolean, isDangerous?: boolean,
 *   of?: Role }[]}
 */
const ACTIONS = [
  { name: "mute", type: "mute", fields: { seconds: 600 }, least: "moderator", asks: true },
  { name: "unmute", type: "unmute", least: "moderator" },
  { name: "kick", type: "kick", least: "moderator", asks: true, isDangerous: true },
  { name: "ban", type: "ban", fields: { seconds: 86_400 }, least: "owner", asks: true, isDangerous: true },
  { name: "moderator", type: "role", fields: { role: "moderator" }, least: "owner", of: "member" },
  { name: "member", type: "role", fields: { role: "member" }, least: "owner", of: "moderator" },
  { name: "owner", type: "role", fields: { role: "owner" }, least: "owner", asks: true },
]

/** Whether a role is at least another one. @param {Role | undefined} role @param {Role} least */
export function isAtLeast(role, least) {
  return RANKS.indexOf(role ?? "member") >= RANKS.indexOf(least)
}

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

  /** @param {Member} member */
  #offered(member) {
    const role = this.#room.you?.role ?? "member"
    if (member.bot || RANKS.indexOf(role) <= RANKS.indexOf(member.role)) return []
    return ACTIONS.filter((action) => isAtLeast(role, action.least) && (!action.of || action.of === member.role))
  }

  /** @param {Member} member */
  areAny(member) {
    return this.#offered(member).length > 0
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
        ...this.#offered(member).map((action) =>
          button(
            words("people.action", action.name),
            () => {
              close()
              this.#act(action, member)
            },
            action.isDangerous,
          ),
        ),
      ),
      actions(button(t("dialog.close"), close)),
    ])
  }

  /** @param {typeof ACTIONS[number]} action @param {Member} member */
  #act({ name, type, fields, asks, isDangerous = false }, member) {
    const run = () => this.#room.rule(type, { ...fields, member: member.id }).catch(showProblem)
    if (!asks) return run()
    confirmDialog({
      title: words("people.confirm", name, { name: member.name }),
      text: words("people.confirm", `${name}.text`),
      action: words("people.action", name),
      isDangerous: isDangerous || name === "mute",
      run,
    })
  }
}

/** @param {string} group @param {string} name @param {Record<string, unknown>} [values] */
function words(group, name, values) {
  return t(/** @type {any} */ (`${group}.${name}`), values)
}

/** @param {string} text @param {() => void} press @param {boolean} [isDangerous] */
function button(text, press, isDangerous = false) {
  return h("button", { class: isDangerous ? "button danger" : "button", type: "button", on: { click: press } }, text)
}
