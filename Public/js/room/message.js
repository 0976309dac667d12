// @ts-check
import { h } from "../ui/dom.js"
import { avatarOf, nameOf } from "../ui/people.js"
import { icon } from "../ui/icons.js"
import { inLanguage, t, timeText, wholeTimeText } from "../i18n/index.js"
import { bubble, paragraph } from "./message-bubble.js"

/** @import { Member, Notice, RoostEvent, Whisper } from "../roost/types.js" */

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
 * What a message needs beside its event.
 * @typedef {object} MessageParts
 * @property {(author: Member) => boolean} isMine
 * @property {(seq: number) => HTMLElement} quote of a message that is answered
 * @property {(event: RoostEvent) => void} replyTo
 * @property {(event: RoostEvent, button: HTMLElement) => void} openMenu
 * @property {(event: RoostEvent) => HTMLElement | null} reactions
 */

/** What a message is shown from: only what has changed of it is made anew. @type {WeakMap<Element, RoostEvent>} */
const shownFrom = new WeakMap()

/**
 * A message, with the buttons that answer it and tell what else can be done.
 * @param {RoostEvent} event a `chat`, a `gif`, or what is left of one that was deleted
 * @param {MessageParts} parts
 */
export function message(event, parts) {
  const author = /** @type {Member} */ (event.from)
  const element = h(
    "div",
    { class: "message", tabindex: -1, data: { seq: String(event.seq) } },
    h("div", { class: "message-body" }, bubble(event, parts), parts.reactions(event)),
    event.type !== "deleted" && buttons(event, author, parts),
  )
  shownFrom.set(element, event)
  return element
}

/**
 * Has a message that is shown say what it says now.
 * @param {HTMLElement} element
 * @param {RoostEvent} event
 * @param {MessageParts} parts
 */
export function updateMessage(element, event, parts) {
  const before = shownFrom.get(element)
  const body = /** @type {HTMLElement} */ (element.querySelector(".message-body"))
  if (before?.type !== event.type) {
    const made = message(event, parts)
    const hadFocus = element.contains(document.activeElement)
    element.replaceWith(made)
    if (hadFocus) made.focus({ preventScroll: true })
    return
  }
  // A picture that is looked at does not begin anew because somebody reacts.
  if (before.text !== event.text || before.caption !== event.caption || before.edited_at !== event.edited_at) {
    body.querySelector(".bubble")?.replaceWith(bubble(event, parts))
  }
  const focused = body.querySelector(".reactions")?.contains(document.activeElement) ? document.activeElement : null
  body.querySelector(".reactions")?.remove()
  const reactions = parts.reactions(event)
  if (reactions) body.append(reactions)
  if (focused) {
    const emoji = /** @type {HTMLElement} */ (focused).dataset.emoji
    const again = [...(reactions?.querySelectorAll("button") ?? [])].find((button) => button.dataset.emoji === emoji)
    ;(again ?? element).focus({ preventScroll: true })
  }
  shownFrom.set(element, event)
}

/** @param {RoostEvent} event @param {Member} author @param {MessageParts} parts */
function buttons(event, author, { replyTo, openMenu }) {
  const now = (/** @type {EventTarget | null} */ target) => shownFrom.get(/** @type {Element} */ (target).closest(".message") ?? document.body) ?? event
  const reply = { click: (/** @type {MouseEvent} */ { currentTarget }) => replyTo(now(currentTarget)) }
  const open = {
    click: (/** @type {MouseEvent} */ { currentTarget }) => openMenu(now(currentTarget), /** @type {HTMLElement} */ (currentTarget)),
  }
  const toReply = t("message.reply.to", { name: author.name })
  const toMore = t("message.more", { name: author.name })
  return h(
    "div",
    { class: "message-buttons" },
    h("button", { class: "icon-button reply-button", type: "button", "aria-label": toReply, title: t("message.reply"), on: reply }, icon("reply")),
    h("button", { class: "icon-button more-button", type: "button", "aria-label": toMore, "aria-haspopup": "dialog", title: t("message.more.short"), on: open }, icon("more")),
  )
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
