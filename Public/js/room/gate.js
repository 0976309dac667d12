// @ts-check
import { byID, h } from "../ui/dom.js"
import { inLanguage, t, waitText } from "../i18n/index.js"
import { mayGoOn } from "./redirect.js"

/** @import { Problem } from "../roost/types.js" */
/** @import { Room } from "../roost/index.js" */

/** Ends after which trying again makes sense, and what the button then says. @type {Record<string, import("../i18n/index.js").Key>} */
const AGAIN = {
  left: "end.again",
  kicked: "end.again",
  timeout: "end.again",
  replaced: "end.again",
  full: "end.retry",
  forbidden: "end.retry",
  refused: "end.retry",
}

/** Ends that have words of their own. */
const KNOWN = ["left", "kicked", "banned", "room_removed", "replaced", "timeout", "not_found", "full", "forbidden", "refused", "redirect", "knocking"]

/** Stands before a room that one is not in (any more): says why, and what can be done now. */
export class Gate {
  #room
  #gate = byID("gate")

  /** @param {Room} room */
  constructor(room) {
    this.#room = room
    room.on("state", (state) => {
      if (state === "knocking") this.#show({ code: "knocking", text: "" })
      else if (state === "ended" && room.problem) this.#end(room.problem)
      else if (state === "joined") this.#hide()
    })
  }

  /** @param {Problem} problem */
  #end(problem) {
    // Another room is the right one. Rooms that send people to and fro are left to the person.
    if (problem.code === "redirect" && problem.room && mayGoOn()) location.replace(addressOf(problem.room))
    else this.#show(problem)
  }

  /** @param {Problem} problem */
  #show(problem) {
    const code = KNOWN.includes(problem.code) ? problem.code : "closed"
    byID("gate-title").textContent = t(/** @type {any} */ (`end.${code}`))
    byID("gate-text").textContent = textFor(code, problem)
    byID("gate-actions").replaceChildren(...this.#actions(code, problem.room))
    document.body.classList.add("is-ended")
    byID("chat").inert = true
    for (const dialog of document.querySelectorAll("dialog[open]")) /** @type {HTMLDialogElement} */ (dialog).close()
    this.#gate.hidden = false
    byID("gate-title").focus()
  }

  #hide() {
    if (this.#gate.hidden) return
    this.#gate.hidden = true
    document.body.classList.remove("is-ended")
    byID("chat").inert = false
    byID("text").focus()
  }

  /** @param {string} code @param {string} [room] */
  #actions(code, room) {
    const rooms = h("a", { class: "button", href: "/" }, t("end.rooms"))
    if (code === "knocking") return [rooms]
    if (code === "redirect" && room) return [rooms, h("a", { class: "button primary", href: addressOf(room) }, t("end.redirect.go"))]
    if (code === "closed") return [rooms, h("button", { class: "button primary", type: "button", on: { click: () => location.reload() } }, t("end.reload"))]
    if (!(code in AGAIN)) return [h("a", { class: "button primary", href: "/" }, t("end.rooms"))]
    return [rooms, h("button", { class: "button primary", type: "button", on: { click: () => this.#room.retry() } }, t(AGAIN[code]))]
  }
}

/** @param {string} room */
function addressOf(room) {
  return `/room/${encodeURIComponent(room)}`
}

/** @param {string} code @param {Problem} problem */
function textFor(code, problem) {
  if (code === "refused" || code === "forbidden") return inLanguage(problem)
  if (code === "banned" && problem.retry_after) return t("end.banned.wait", { wait: waitText(problem.retry_after) })
  return t(/** @type {any} */ (`end.${code}.text`))
}
