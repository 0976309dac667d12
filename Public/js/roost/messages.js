// @ts-check

/** @import { Reaction, RoostEvent } from "./types.js" */

/** The events that say what became of a message. */
const CHANGES = ["edit", "delete", "react"]

/** The messages of a room that have been told, each as it is after everything that was heard since. */
export class Messages {
  /** @type {Map<number, RoostEvent>} */
  #bySeq = new Map()

  /** @param {number} seq @returns {RoostEvent | undefined} */
  get(seq) {
    return this.#bySeq.get(seq)
  }

  /** The last message that somebody has sent and that is still there. @param {string} author an id @returns {RoostEvent | undefined} */
  lastOf(author) {
    return [...this.#bySeq.values()].filter(({ type, from }) => type !== "deleted" && from?.id === author).sort((a, b) => b.seq - a.seq)[0]
  }

  clear() {
    this.#bySeq.clear()
  }

  /** @param {number} seq what is before it is not shown any more */
  forgetBefore(seq) {
    for (const known of this.#bySeq.keys()) if (known < seq) this.#bySeq.delete(known)
  }

  /**
   * Takes an event in.
   * @param {RoostEvent} event
   * @returns {RoostEvent | null} the message that it has changed, if that is known
   */
  hear(event) {
    if (event.type === "chat" || event.type === "gif" || event.type === "deleted") this.#bySeq.set(event.seq, event)
    if (!CHANGES.includes(event.type) || event.of === undefined) return null
    const message = this.#bySeq.get(event.of)
    // A message of history is sent as it was then: with what happened up to `changed`.
    if (!message || event.seq <= (message.changed ?? 0)) return null
    const changed = { ...changedBy(message, event), changed: event.seq }
    this.#bySeq.set(event.of, changed)
    return changed
  }
}

/** @param {RoostEvent} message @param {RoostEvent} change @returns {RoostEvent} */
function changedBy(message, change) {
  const { room, seq, at, from, cid, reply_to } = message
  const bare = { room, seq, at, from, cid, reply_to }
  switch (change.type) {
    case "delete":
      return { ...bare, type: "deleted", by: change.by }
    case "edit":
      // Read later, an edit of a message that is deleted has nothing to say.
      if (change.text === undefined && !change.gif) return message
      if (message.type === "deleted") return { ...bare, ...said(change) }
      return { ...message, ...said(change), edited_at: change.at }
    default:
      return message.type === "deleted" ? message : { ...message, reactions: reacted(message.reactions ?? [], change) }
  }
}

/** @param {RoostEvent} change an `edit` */
function said({ text, gif, caption }) {
  return gif ? { type: "gif", gif, caption } : { type: "chat", text }
}

/** @param {Reaction[]} reactions @param {RoostEvent} change a `react` @returns {Reaction[]} */
function reacted(reactions, { emoji = "", on, by }) {
  const who = /** @type {{ id: string }} */ (by).id
  const there = reactions.find((reaction) => reaction.emoji === emoji)
  if (!there) return on ? [...reactions, { emoji, count: 1, by: [who] }] : reactions
  const others = there.by.filter((id) => id !== who)
  // Of very many people only some are named: who is not may have been there.
  const isNamed = others.length < there.by.length
  const count = there.count + (on ? (isNamed ? 0 : 1) : isNamed || there.count > there.by.length ? -1 : 0)
  const now = { emoji, count, by: on ? [...others, who] : others }
  return reactions.map((reaction) => (reaction === there ? now : reaction)).filter((reaction) => reaction.count > 0)
}
