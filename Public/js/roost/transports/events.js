// @ts-check
import { HTTPTransport, roomPath, sinceText } from "./http.js"

/** @import { Transport } from "../types.js" */
/** @import { Ways } from "./http.js" */

/**
 * Carries `roost.v1` over HTTP: what happens comes as server-sent events, what is said goes by POST (docs/protocol.md
 * "Without a WebSocket").
 *
 * @param {string} server its origin, `https://chat.example`
 * @returns {Transport}
 */
export function eventsTransport(server) {
  return new HTTPTransport("events", server, WAYS)
}

/** @type {Ways} */
const WAYS = {
  // A stream says `welcome` first. That it comes also shows that nothing between here and there holds streams back.
  async greet(link) {
    for await (const message of link.stream("/rooms")) if (message.type === "welcome") return message
    throw new Error("The stream ended without a welcome.")
  },

  async *hearRoom(link, room, position, signal) {
    const since = position ? `?since=${sinceText(position)}` : ""
    for await (const message of link.stream(`${roomPath(room)}/events${since}`, signal)) {
      if (message.type === "joined" || message.type === "held") yield []
      else if (message.type !== "welcome") yield [message]
    }
  },

  async *hearLobby(link, signal) {
    for await (const message of link.stream("/rooms", signal)) if (message.type !== "welcome") yield message
  },
}
