// @ts-check
import { h } from "../ui/dom.js"
import { t, waitText } from "../i18n/index.js"
import { actions, openDialog, showProblem } from "./dialog.js"
import { isAtLeast } from "./person.js"

/** @import { Restriction } from "../roost/types.js" */
/** @import { Room } from "../roost/index.js" */

/** Who is banned or muted, with buttons that end it. @param {Room} room */
export async function restrictionsDialog(room) {
  /** @type {Restriction[]} */
  let all
  try {
    all = (await room.rule("restrictions")).restrictions
  } catch (error) {
    return showProblem(error)
  }
  const list = h("ul", { class: "restrictions" })
  openDialog(t("room.restrictions"), (close) => {
    const show = () => list.replaceChildren(...(all.length ? all.map((one) => row(room, one, () => forget(one))) : [h("li", { class: "soft" }, t("restrictions.none"))]))
    const forget = (/** @type {Restriction} */ gone) => {
      all = all.filter((one) => one !== gone)
      show()
    }
    show()
    return [list, actions(h("button", { class: "button", type: "button", on: { click: close } }, t("dialog.close")))]
  })
}

/** @param {Room} room @param {Restriction} restriction @param {() => void} done */
function row(room, { kind, member, name, until, reason }, done) {
  const left = until ? t("restrictions.left", { wait: waitText((until - Date.now()) / 1000) }) : t("restrictions.forever")
  const lift = () => room.rule(kind === "ban" ? "unban" : "unmute", { member }).then(done, showProblem)
  const mayLift = kind === "mute" || isAtLeast(room.you?.role, "owner")
  return h(
    "li",
    { class: "restriction" },
    h(
      "span",
      {},
      h("strong", {}, name),
      h("span", { class: "soft" }, ` ${t(kind === "ban" ? "restrictions.banned" : "restrictions.muted")}, ${left}${reason ? `: ${reason}` : ""}`),
    ),
    mayLift && h("button", { class: "button", type: "button", on: { click: lift } }, t(kind === "ban" ? "restrictions.unban" : "people.action.unmute")),
  )
}
