// @ts-check
import { avatarOf, nameOf } from "../ui/people.js"
import { byID, h } from "../ui/dom.js"
import { icon } from "../ui/icons.js"
import { t } from "../i18n/index.js"
import { confirmDialog } from "./dialog.js"
import { isAtLeast, PersonActions } from "./person.js"
import { renameDialog } from "./rename.js"
import { restrictionsDialog } from "./restrictions.js"
import { settingsDialog } from "./settings.js"

/** @import { Member, Role } from "../roost/types.js" */
/** @import { Connection, Room } from "../roost/index.js" */

/** @type {Record<Role, number>} */
const RANK = { owner: 0, admin: 1, moderator: 2, member: 3 }

const wide = matchMedia("(width >= 60rem)")

/** Who is here: beside the messages where there is room, else in a drawer. */
export class PeoplePanel {
  #room
  #roost
  #whisperTo
  #actions
  #panel = byID("people")
  #drawer = /** @type {HTMLDialogElement} */ (byID("people-drawer"))
  #order = new Intl.Collator()

  /**
   * @param {Room} room
   * @param {Connection} roost
   * @param {{ whisperTo: (member: Member) => void }} actions
   */
  constructor(room, roost, { whisperTo }) {
    this.#room = room
    this.#roost = roost
    this.#whisperTo = (/** @type {Member} */ member) => {
      this.#drawer.close()
      whisperTo(member)
    }
    this.#actions = new PersonActions(room, this.#whisperTo)
    room.on("members", () => this.#showPeople())
    room.on("info", () => this.#showAbout())
    byID("people-button").addEventListener("click", () => this.#drawer.showModal())
    byID("people-close").addEventListener("click", () => this.#drawer.close())
    byID("room-settings").addEventListener("click", () => this.#aside(() => settingsDialog(room)))
    byID("room-restrictions").addEventListener("click", () => this.#aside(() => restrictionsDialog(room)))
    byID("remove-room").addEventListener("click", () => this.#askToRemove())
    this.#drawer.addEventListener("click", ({ target }) => target === this.#drawer && this.#drawer.close())
    wide.addEventListener("change", () => this.#place())
    this.#place()
  }

  #place() {
    if (wide.matches) this.#drawer.close()
    ;(wide.matches ? byID("people-side") : this.#drawer).append(this.#panel)
  }

  #showPeople() {
    const members = [...this.#room.members.byID.values()].sort((a, b) => this.#compare(a, b))
    const focused = document.activeElement?.closest("[data-member]")?.getAttribute("data-member")
    const more = (this.#room.info?.count ?? 0) - members.length
    byID("people-list").replaceChildren(
      ...members.map((member) => this.#row(member)),
      ...(more > 0 ? [h("li", { class: "people-more soft" }, t("room.more", { n: more }))] : []),
    )
    if (focused) /** @type {HTMLElement | null} */ (this.#panel.querySelector(`[data-member="${CSS.escape(focused)}"] button`))?.focus()
    const role = this.#room.you?.role
    byID("room-restrictions").hidden = !isAtLeast(role, "moderator")
    for (const id of ["room-settings", "remove-room"]) byID(id).hidden = !isAtLeast(role, "owner")
  }

  /** Where there is no room for both, the drawer makes way. @param {() => void} open */
  #aside(open) {
    this.#drawer.close()
    open()
  }

  /** Oneself first, then by role and name. @param {Member} a @param {Member} b */
  #compare(a, b) {
    const you = this.#room.you?.id
    return Number(b.id === you) - Number(a.id === you) || RANK[a.role] - RANK[b.role] || this.#order.compare(a.name, b.name)
  }

  /** @param {Member} member */
  #row(member) {
    const isYou = member.id === this.#room.you?.id
    return h(
      "li",
      { class: "person", data: { member: member.id } },
      avatarOf(member),
      h(
        "span",
        { class: "person-words" },
        nameOf(member),
        isYou && h("span", { class: "person-note" }, t("people.you")),
        member.role !== "member" && h("span", { class: `tag role-${member.role}` }, t(/** @type {any} */ (`people.role.${member.role}`))),
      ),
      ...(isYou ? this.#ownButtons() : this.#buttons(member)),
    )
  }

  #ownButtons() {
    return [iconButton("edit", t("people.rename"), () => renameDialog(this.#roost, this.#room.you?.name ?? ""))]
  }

  /** @param {Member} member */
  #buttons(member) {
    return [
      iconButton("whisper", t("people.whisper", { name: member.name }), () => this.#whisperTo(member)),
      ...(this.#actions.areAny(member) ? [iconButton("more", t("people.more", { name: member.name }), () => this.#actions.open(member))] : []),
    ]
  }

  #showAbout() {
    const { topic, slow, count, max } = /** @type {NonNullable<Room["info"]>} */ (this.#room.info)
    byID("people-number").textContent = `${count}/${max}`
    byID("about").hidden = !topic && !slow
    byID("about-topic").textContent = topic
    byID("about-slow").textContent = slow ? t("room.slow", { seconds: slow }) : ""
  }

  #askToRemove() {
    this.#drawer.close()
    confirmDialog({
      title: t("room.remove.title"),
      text: t("room.remove.text"),
      action: t("room.remove.confirm"),
      run: () => fetch(`/room/${encodeURIComponent(this.#room.id)}`, { method: "DELETE" }),
    })
  }
}

/** @param {Parameters<typeof icon>[0]} name @param {string} label @param {() => void} press */
function iconButton(name, label, press) {
  return h("button", { class: "icon-button", type: "button", "aria-label": label, title: label, on: { click: press } }, icon(name))
}
