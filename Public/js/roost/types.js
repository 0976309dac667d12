// @ts-check
// The protocol's objects as JSDoc types (docs/protocol.md says what they mean). Nothing here runs.

/**
 * @typedef {"member" | "moderator" | "owner" | "admin"} Role
 * @typedef {{ id: string, name: string }} Person
 * @typedef {{ id: string, name: string, color: string, role: Role, bot?: boolean }} Member
 * @typedef {{ id: string, name: string, color: string }} Owner
 * @typedef {{ id: string, title: string, max: number, count: number, has_password: boolean, owner: Owner | null,
 *   topic: string, slow: number, locked: boolean, tags: string[], created_at: number }} RoomInfo
 * @typedef {{ id: string, kind: "message" | "whisper" | "knock", from: Member, text: string, reason: string, by: string, at: number,
 *   until: number }} Review what waits for a moderator
 * @typedef {{ kind: "ban" | "mute", member: string, name: string, until?: number, reason: string, by: string }} Restriction
 * @typedef {{ name: string, usage: string, help: string, plugin: string, args: Argument[] }} Command
 * @typedef {{ name: string, type: string, required: boolean, choices?: string[] }} Argument
 * @typedef {{ text: number, upload: number, title: number, name: number }} Limits
 * @typedef {{ url: string, still: string, width: number, height: number, frames: number, seconds: number, bytes: number }} GIF
 */

/**
 * What happened in a room. Which fields there are depends on `type`; an unknown type still has a `seq`.
 * @typedef {object} RoostEvent
 * @property {string} type `chat gif deleted system join exit name owner topic edit delete react …`
 * @property {string} room
 * @property {number} seq 1, 2, 3 … without holes
 * @property {number} at milliseconds since 1970
 * @property {Member} [from]
 * @property {Member | null} [member]
 * @property {string} [text]
 * @property {Record<string, string>} [texts] by language tag
 * @property {GIF} [gif]
 * @property {string} [caption]
 * @property {string} [cid]
 * @property {number} [reply_to]
 * @property {number} [count]
 * @property {string} [reason]
 * @property {string} [before]
 * @property {string} [topic]
 * @property {string} [key]
 * @property {any} [by] a Member, or of a `system` event the plugin's id
 * @property {number} [of] the `seq` of the message that is changed
 * @property {string} [emoji]
 * @property {boolean} [on]
 * @property {string} [why]
 * @property {number} [changed] the `seq` of the last event that has changed the message
 * @property {number} [edited_at]
 * @property {Reaction[]} [reactions]
 * @property {boolean} [spoiler] hidden until somebody wants to see it
 * @property {boolean} [still] does not move until somebody wants it to
 * @property {Record<string, any>} [meta] what plugins say about it
 */

/** @typedef {{ emoji: string, count: number, by: string[] }} Reaction `by` names some of the people, oneself in any case */

/**
 * @typedef {{ type: "whisper", room: string, at: number, from: Member, to: Member, text: string }} Whisper
 * @typedef {{ type: "notice", room?: string, at: number, text: string, texts?: Record<string, string>, by: string }} Notice
 */

/**
 * A way to exchange messages with the server, good for one connection.
 * @typedef {object} Transport
 * @property {string} name what it is called in settings: `websocket`, `events`, `polling`
 * @property {() => void} open
 * @property {(message: object) => boolean} send false if it could not be sent
 * @property {(code?: number, reason?: string) => void} close
 * @property {((message: any) => void) | null} onmessage
 * @property {((closing: { code: number, reason: string }) => void) | null} onclose called once, however it ends
 */

/**
 * A message of ours that the room has not shown yet.
 * @typedef {object} Unsent
 * @property {string} cid
 * @property {"chat" | "command" | "whisper"} kind
 * @property {string} text
 * @property {string} [to] the id of the person whispered to
 * @property {string} [toName]
 * @property {number} [reply_to]
 * @property {number} at
 * @property {"waiting" | "sent" | "checking" | "accepted" | "held" | "refused"} state
 * @property {number} [seq] once accepted
 * @property {Problem} [problem] once refused
 */

/**
 * @typedef {object} Problem
 * @property {string} code as in docs/protocol.md "Errors", or `disconnected`
 * @property {string} text
 * @property {string} [by]
 * @property {string} [field]
 * @property {number} [retry_after] seconds
 * @property {string} [room] the room to go to instead, of code `redirect`
 */

export {}
