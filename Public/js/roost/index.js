// @ts-check
/**
 * A client of Roost for browsers (and whatever else has fetch, EventTarget and crypto). No dependencies.
 *
 *     import { connect } from "/js/roost/index.js"
 *
 *     const room = connect().room("k3v9")
 *     room.on("event", (event) => {
 *       if (event.type === "chat") console.log(`${event.from.name}: ${event.text}`)
 *     })
 *     room.on("state", (state) => console.log(state, room.problem?.text ?? ""))
 *     room.send("Hello!")
 *
 * It connects again when the connection is lost, by another transport where a WebSocket does not get through, goes on where
 * it was, shows each event once and in order, and keeps what was written until the room has shown it, over a reload too.
 * README.md has the rest.
 */
import { Connection } from "./connection.js"
import { Ladder } from "./ladder.js"
import { eventsTransport } from "./transports/events.js"
import { pollingTransport } from "./transports/polling.js"
import { webSocketTransport } from "./transports/websocket.js"

/** @import { Transport } from "./types.js" */

export { Connection } from "./connection.js"
export { newCID } from "./cid.js"
export { Emitter, RoostError } from "./emitter.js"
export { Ladder } from "./ladder.js"
export { Lobby } from "./lobby.js"
export { Room } from "./room.js"
export { uploadGIF } from "./upload.js"
export { eventsTransport } from "./transports/events.js"
export { pollingTransport } from "./transports/polling.js"
export { webSocketTransport } from "./transports/websocket.js"

/**
 * By what to connect: `auto` is the best one of the three that gets through; a function makes another one.
 * @typedef {"auto" | "websocket" | "events" | "polling" | ((server: string) => Transport)} TransportChoice
 */

/**
 * @param {object} [options]
 * @param {string} [options.url] where to, `https://chat.example` or `wss://chat.example/ws`; the page's own server if it is not said
 * @param {TransportChoice} [options.transport]
 */
export function connect({ url = location.origin, transport = "auto" } = {}) {
  const server = url.replace(/^ws/, "http").replace(/\/ws$/, "")
  /** @type {Record<string, () => Transport>} */
  const known = {
    websocket: () => webSocketTransport(`${server.replace(/^http/, "ws")}/ws`),
    events: () => eventsTransport(server),
    polling: () => pollingTransport(server),
  }
  if (typeof transport === "function") return new Connection(new Ladder([() => transport(server)]))
  const wanted = transport in known ? [known[transport]] : Object.values(known)
  return new Connection(new Ladder(wanted, { isReachable: () => answers(server) }))
}

/** Whether the server answers a plain request. @param {string} server */
async function answers(server) {
  try {
    return (await fetch(`${server}/rooms`, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(5000) })).ok
  } catch {
    return false
  }
}
