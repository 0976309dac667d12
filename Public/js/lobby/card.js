// @ts-check
import { h, hiddenText } from "../ui/dom.js"
import { icon } from "../ui/icons.js"
import { nameOf } from "../ui/people.js"
import { t } from "../i18n/index.js"

/** @import { RoomInfo } from "../roost/types.js" */

/** A room in the list. @param {RoomInfo} room */
export function roomCard(room) {
  const isFull = room.count >= room.max
  return h(
    "li",
    { class: isFull ? "room-card is-full" : "room-card", data: { room: room.id } },
    h(
      "div",
      { class: "room-words" },
      h(
        "h2",
        { class: "room-title" },
        h("a", { href: `/room/${encodeURIComponent(room.id)}` }, room.title),
        room.has_password && h("span", { class: "room-lock", title: t("lobby.locked") }, icon("lock"), hiddenText(t("lobby.locked"))),
      ),
      room.topic && h("p", { class: "room-topic" }, room.topic),
      room.owner && h("p", { class: "room-owner" }, ...ownerLine(room.owner)),
    ),
    seats(room),
    h("span", { class: "button room-enter", "aria-hidden": "true" }, isFull ? t("lobby.full") : t("lobby.enter")),
  )
}

/** "Opened by …", with the name in its colour wherever the language puts it. @param {NonNullable<RoomInfo["owner"]>} owner */
function ownerLine(owner) {
  const [before, after] = t("lobby.owner", { name: "\u0000" }).split("\u0000")
  return [before, nameOf(owner), after]
}

/** @param {RoomInfo} room */
function seats({ count, max }) {
  const meter = h("span", { class: "meter" })
  meter.style.setProperty("--share", String(Math.min(1, count / max)))
  return h(
    "p",
    { class: "room-seats" },
    hiddenText(t("lobby.people", { count, max })),
    h("span", { "aria-hidden": "true" }, h("strong", {}, String(count)), ` / ${max}`),
    meter,
  )
}
