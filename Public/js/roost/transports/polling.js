// @ts-check
import { HTTPTransport, roomPath, sinceText } from "./http.js"
import { KNOCK_EVERY } from "./hearing.js"

/** @import { RoomInfo, Transport } from "../types.js" */
/** @import { Ways } from "./http.js" */

/** Seconds that the server may hold a request back until something happens. */
const WAIT = 25

/** Milliseconds between two looks at the lobby. */
const LOBBY_EVERY = 5000

/**
 * Carries `roost.v1` over plain requests, where nothing else gets through: one that the server answers when something
 * happens, and POST for what is said (docs/protocol.md "Without a WebSocket").
 *
 * @param {string} server its origin, `https://chat.example`
 * @returns {Transport}
 */
export function pollingTransport(server) {
  return new HTTPTransport("polling", server, WAYS)
}

/** @type {Ways} */
const WAYS = {
  // No request is answered with `welcome`. What matters is that the server answers, and gives a cookie to whoever has none.
  async greet(link) {
    await link.ask("/rooms", { method: "HEAD" })
    return { type: "welcome" }
  },

  async *hearRoom(link, room, position, signal) {
    const path = `${roomPath(room)}/events`
    // Without a position the answer would leave out what has no number. That of no epoch gets all.
    let answer = await link.ask(`${path}?since=${position ? sinceText(position) : "-:0"}&wait=0`, { signal })
    yield []
    while (answer.type === "held") {
      await new Promise((done) => setTimeout(done, KNOCK_EVERY))
      answer = await link.ask(`${path}?since=-:0&wait=0`, { signal })
    }
    for (;;) {
      yield [...answer.events, ...answer.messages]
      const since = sinceText(answer)
      answer = await link.ask(`${path}?since=${since}&wait=${WAIT}`, { signal, wait: WAIT * 1000 })
      if (answer.reset) throw new Error("The server cannot go on from there.")
    }
  },

  async *hearLobby(link, signal) {
    /** @type {Map<string, string> | null} */
    let before = null
    while (!signal.aborted) {
      /** @type {{ rooms: RoomInfo[] }} */
      const { rooms } = await link.ask("/rooms", { signal })
      const now = new Map(rooms.map((room) => [room.id, JSON.stringify(room)]))
      if (before) yield* changes(before, now)
      else yield { type: "rooms", rooms }
      before = now
      await new Promise((done) => setTimeout(done, LOBBY_EVERY))
    }
  },
}

/** @param {Map<string, string>} before rooms as JSON, by id @param {Map<string, string>} now */
function* changes(before, now) {
  for (const id of before.keys()) if (!now.has(id)) yield { type: "room_removed", room: id }
  for (const [id, room] of now) {
    if (room !== before.get(id)) yield { type: before.has(id) ? "room_changed" : "room_added", room: JSON.parse(room) }
  }
}
