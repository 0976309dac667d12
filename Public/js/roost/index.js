// @ts-check
/**
 * A client of Roost for browsers (and whatever else has WebSocket, EventTarget and crypto). No dependencies.
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
 * It connects again when the connection is lost, goes on where it was, shows each event once and in order, and keeps what
 * was written until the room has shown it, over a reload too. README.md has the rest.
 */
import { Connection } from "./connection.js"
import { webSocketTransport } from "./transports/websocket.js"

/** @import { Transport } from "./types.js" */

export { Connection } from "./connection.js"
export { Emitter, RoostError } from "./emitter.js"
export { Lobby } from "./lobby.js"
export { Room } from "./room.js"
export { uploadGIF } from "./upload.js"
export { webSocketTransport } from "./transports/websocket.js"

/**
 * @param {object} [options]
 * @param {string} [options.url] where to; the page's own server if it is not said
 * @param {(url: string) => Transport} [options.transport] how; a WebSocket if it is not said
 */
export function connect({ url = ownServer(), transport = webSocketTransport } = {}) {
  return new Connection(() => transport(url))
}

function ownServer() {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`
}
