// @ts-check
/** @import { Transport } from "../types.js" */

/**
 * Carries `roost.v1` over a WebSocket (docs/protocol.md). Good for one connection; a new one is made to connect again.
 *
 * @param {string} url where the server listens, `ws://…/ws` or `wss://…/ws`
 * @returns {Transport}
 */
export function webSocketTransport(url) {
  /** @type {WebSocket | null} */
  let socket = null

  /** @type {Transport} */
  const transport = {
    name: "websocket",
    onmessage: null,
    onclose: null,

    open() {
      socket = new WebSocket(url, "roost.v1")
      socket.onmessage = ({ data }) => {
        if (typeof data === "string") transport.onmessage?.(JSON.parse(data))
      }
      socket.onclose = ({ code, reason }) => transport.onclose?.({ code, reason })
    },

    send(message) {
      if (socket?.readyState !== WebSocket.OPEN) return false
      socket.send(JSON.stringify(message))
      return true
    },

    close(code = 1000, reason = "") {
      socket?.close(code, reason)
    },
  }
  return transport
}
