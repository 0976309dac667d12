// @ts-check

/** @import { RoostEvent } from "./types.js" */
/** @import { Room } from "./room.js" */

/**
 * What an event that happened just now changes in what is known of its room, told by `info` and `members`.
 * @param {Room} room
 * @param {RoostEvent} event
 */
export function apply(room, event) {
  if (!room.you || !room.info) return
  if (event.type === "topic") room.info = { ...room.info, topic: event.topic ?? "" }
  if (event.type === "owner") room.info = { ...room.info, owner: event.member ?? null }
  if (event.count !== undefined) room.info = { ...room.info, count: event.count }
  if (["topic", "owner", "join", "exit"].includes(event.type)) room.emit("info")
  if (!room.members.apply(event)) return
  room.you = room.members.byID.get(room.you.id) ?? room.you
  room.emit("members")
}
