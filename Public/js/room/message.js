// @ts-check
import { h, hiddenText } from "../ui/dom.js"
import { avatarOf, nameOf } from "../ui/people.js"
import { icon } from "../ui/icons.js"
import { inLanguage, t, timeText, wholeTimeText } from "../i18n/index.js"
import { linked } from "../ui/links.js"
import { gifPicture } from "./gif.js"

/** @import { GIF, Member, Notice, RoostEvent, Whisper } from "../roost/types.js" */

/**
 * Messages of one person shortly after one another, with their name once.
 * @param {Member} author
 * @param {number} at
 * @param {boolean} isMine
 */
export function group(author, at, isMine) {
  const head = h(
    "p",
    { class: "group-head", "aria-hidden": "true" },
    !isMine && nameOf(author),
    !isMine && author.bot && h("span", { class: "tag" }, t("message.bot")),
    h("time", { datetime: new Date(at).toISOString() }, timeText(at)),
  )
  const bubbles = h("div", { class: "bubbles" }, head)
  return h("div", { class: isMine ? "group mine" : "group other" }, !isMine && avatarOf(author), bubbles)
}

/**
 * A message, with the button that answers it.
 * @param {RoostEvent} event a `chat` or a `gif`
 * @param {boolean} isMine
 * @param {{ quote: (seq: number) => HTMLElement, replyTo: (event: RoostEvent) => void }} replies
 */
export function message(event, isMine, { quote, replyTo }) {
  const author = /** @type {Member} */ (event.from)
  const label = t("message.reply.to", { name: author.name })
  const press = { click: () => replyTo(event) }
  return h(
    "div",
    { class: "message", tabindex: -1, data: { seq: String(event.seq) } },
    bubble(event, isMine ? t("message.you") : author.name, event.reply_to === undefined ? null : quote(event.reply_to)),
    h("button", { class: "icon-button reply-button", type: "button", "aria-label": label, title: t("message.reply"), on: press }, icon("reply")),
  )
}

/** @param {RoostEvent} event @param {string} name of who said it @param {HTMLElement | null} quote of what it answers */
function bubble(event, name, quote) {
  const inside = event.gif ? gifAndCaption(event.gif, event.caption, event.from?.name ?? name) : [paragraph(event.text ?? "")]
  return h(
    "div",
    { class: event.gif ? "bubble has-picture" : "bubble", title: wholeTimeText(event.at) },
    hiddenText(`${name}, ${timeText(event.at)}: `),
    quote,
    ...inside,
  )
}

/** @param {GIF} gif @param {string | undefined} caption @param {string} author */
function gifAndCaption(gif, caption, author) {
  return [gifPicture(gif, caption || t("gif.alt", { name: author })), caption ? paragraph(caption) : null]
}

/** @param {string} text */
export function paragraph(text) {
  return h("p", { class: "text" }, ...linked(text))
}

/** What the room itself says. @param {string} text @param {{ seq?: number, at: number }} event */
export function systemLine(text, { seq, at }) {
  return h("p", { class: "system", title: wholeTimeText(at), data: seq === undefined ? {} : { seq: String(seq) } }, h("span", {}, text))
}

/** @param {number} at @param {string} text */
export function dayLine(at, text) {
  return h("p", { class: "day", data: { day: dayOf(at) } }, h("span", {}, text))
}

/** @param {number} at */
export function dayOf(at) {
  return new Date(at).toDateString()
}

/**
 * @param {Whisper} whisper
 * @param {boolean} isMine
 * @param {(member: Member) => void} whisperTo
 */
export function whisperBox({ from, to, text, at }, isMine, whisperTo) {
  const words = isMine ? t("message.whisper.to", { name: "\u0000" }) : t("message.whisper.from", { name: "\u0000" })
  const [before, after] = words.split("\u0000")
  return h(
    "div",
    { class: isMine ? "whisper mine" : "whisper other", title: wholeTimeText(at) },
    h("p", { class: "whisper-head" }, icon("whisper"), h("span", {}, before, nameOf(isMine ? to : from), after), h("time", {}, timeText(at))),
    paragraph(text),
    !isMine && h("button", { class: "link-button", type: "button", on: { click: () => whisperTo(from) } }, t("message.whisper.reply")),
  )
}

/** What is told to this person alone. @param {Notice} notice */
export function noticeBox(notice) {
  return h(
    "div",
    { class: "notice", title: wholeTimeText(notice.at) },
    paragraph(inLanguage(notice)),
    h("p", { class: "notice-note" }, t("message.notice")),
  )
}

/** What an event that is not a message says, or null if it says nothing by itself. @param {RoostEvent} event */
export function systemText(event) {
  switch (event.type) {
    case "system":
      return inLanguage(event)
    case "name":
      return t("message.named", { before: event.before, name: event.member?.name })
    case "topic":
      return event.topic ? t("message.topic", { topic: event.topic }) : t("message.topic.none")
    case "role":
      return roleText(event)
    // Who comes, goes and owns is said by plugins, in words that a room's owner can choose.
    default:
      return null
  }
}

/** That somebody is, or is no more, a moderator or an admin. @param {RoostEvent} event */
function roleText({ member, before }) {
  const role = member?.role === "member" ? `${before}.not` : member?.role
  return t(/** @type {any} */ (`message.${role}`), { name: member?.name })
}
