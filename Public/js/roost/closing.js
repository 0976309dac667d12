// @ts-check

/**
 * What a close code asks for (docs/protocol.md "Closing"):
 * - `retry`: connect again, with growing delays
 * - `return`: connect again when the person comes back to the page
 * - `stop`: do not connect again by yourself
 * @typedef {"retry" | "return" | "stop"} AfterClose
 */

/** @type {Record<number, AfterClose>} */
const RULES = {
  1000: "stop",
  1002: "stop",
  1003: "stop",
  1007: "stop",
  1008: "stop",
  1009: "stop",
  4001: "stop",
  4002: "stop",
  4003: "stop",
  4005: "stop",
  4006: "return",
  4008: "stop",
}

/** What a proxy that does not understand WebSockets may close with, before the server has said a word. */
const BROKEN = [1000, 1002, 1003, 1007, 1009]

/**
 * @param {number} code
 * @param {boolean} [isServers] whether the server itself was heard on that connection, or there is no other way to reach it
 * @returns {AfterClose} `retry` for what is not listed: a lost network (1006), a restart, an overloaded server
 */
export function afterClose(code, isServers = true) {
  if (!isServers && BROKEN.includes(code)) return "retry"
  return RULES[code] ?? "retry"
}
