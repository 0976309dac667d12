// @ts-check
import { Emitter } from "./emitter.js"

/** @import { RoomInfo } from "./types.js" */
/** @import { Connection } from "./connection.js" */

/**
 * The rooms there are, kept up to date while watched.
 *
 * Events: `rooms` (the list anew), `added` and `changed` (a room), `removed` (an id).
 */
export class Lobby extends Emitter {
  /** @type {Map<string, RoomInfo>} */
  rooms = new Map()
  #connection
  #isWatched = false

  /** @param {Connection} connection */
  constructor(connection) {
    super()
    this.#connection = connection
  }

  watch() {
    this.#isWatched = true
    this.connected()
    return this
  }

  unwatch() {
    this.#isWatched = false
    this.#connection.tell({ type: "lobby", watch: false })
  }

  /** There is a (new) connection. */
  connected() {
    // Without a ref: the answer comes by `hear`, in order with the changes after it.
    if (this.#isWatched) this.#connection.tell({ type: "lobby", watch: true })
  }

  /** @param {any} message */
  hear(message) {
    switch (message.type) {
      case "rooms":
        this.rooms = new Map(message.rooms.map((/** @type {RoomInfo} */ room) => [room.id, room]))
        return this.emit("rooms", [...this.rooms.values()])
      case "room_added":
      case "room_changed": {
        const isNew = !this.rooms.has(message.room.id)
        this.rooms.set(message.room.id, message.room)
        return this.emit(isNew ? "added" : "changed", message.room)
      }
      case "room_removed":
        this.rooms.delete(message.room)
        return this.emit("removed", message.room)
    }
  }
}
