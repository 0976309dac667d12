// @ts-check
import { h, hiddenText } from "../ui/dom.js"
import { t, timeText, wholeTimeText } from "../i18n/index.js"
import { linked } from "../ui/links.js"
import { gifPicture } from "./gif.js"

/** @import { GIF, Member, RoostEvent } from "../roost/types.js" */
/** @import { MessageParts } from "./message.js" */

/** What a message says, or what is left of one that was deleted. @param {RoostEvent} event @param {MessageParts} parts */
export function bubble(event, { isMine, quote }) {
  const author = /** @type {Member} */ (event.from)
  const name = isMine(author) ? t("message.you") : author.name
  if (event.type === "deleted") return tombstone(event, name)
  const inside = event.gif ? gifAndCaption(event) : [paragraph(event.text ?? "")]
  return h(
    "div",
    { class: event.gif ? "bubble has-picture" : "bubble", title: wholeTimeText(event.at) },
    hiddenText(`${name}, ${timeText(event.at)}: `),
    event.reply_to === undefined ? null : quote(event.reply_to),
    ...(event.spoiler ? [spoiler(inside)] : inside),
    event.edited_at !== undefined && h("p", { class: "edited", title: wholeTimeText(event.edited_at) }, t("message.edited")),
  )
}

/** What stands where a message was. @param {RoostEvent} event @param {string} name of who wrote it */
function tombstone({ at, from, by }, name) {
  const words = by && by.id !== from?.id ? t("message.deleted.by", { name: by.name }) : t("message.deleted")
  return h("div", { class: "bubble tombstone", title: wholeTimeText(at) }, hiddenText(`${name}, ${timeText(at)}: `), h("p", {}, words))
}

/** What is hidden until somebody wants to see it. @param {(HTMLElement | null)[]} inside */
function spoiler(inside) {
  const box = h("div", { class: "spoiler" })
  const show = () => {
    box.replaceChildren(...inside.filter((part) => part !== null))
    box.tabIndex = -1
    box.focus({ preventScroll: true })
  }
  box.append(h("button", { class: "button spoiler-button", type: "button", on: { click: show } }, t("message.spoiler")))
  return box
}

/** @param {RoostEvent} event */
function gifAndCaption({ gif, caption, from, still }) {
  const picture = gifPicture(/** @type {GIF} */ (gif), caption || t("gif.alt", { name: from?.name }), still)
  return [picture, caption ? paragraph(caption) : null]
}

/** @param {string} text */
export function paragraph(text) {
  return h("p", { class: "text" }, ...linked(text))
}
