// @ts-check
import { RoostError } from "../emitter.js"
import { Hearing } from "./hearing.js"
import { Link } from "./link.js"

/**
 * What differs between the transports over HTTP: how one hears. The generators throw a RoostError if the server does not let
 * one in, any other error if the connection is lost.
 * @typedef {object} Ways
 * @property {(link: Link) => Promise<any>} greet sees that the server is there; the `welcome`
 * @property {(link: Link, room: string, position: Position | null, signal: AbortSignal) => AsyncGenerator<any[]>} hearRoom
 *   nothing as soon as one is in, then what happens after the position, as it comes
 * @property {(link: Link, signal: AbortSignal) => AsyncGenerator<any>} hearLobby `rooms`, then changes
 */
/** @typedef {{ epoch: string, seq: number }} Position */
/** @import { Transport } from "../types.js" */

/**
 * The protocol's messages as requests: for each one sent, its answer comes with the same `ref`, as over a WebSocket.
 * @implements {Transport}
 */
export class HTTPTransport {
  /** @type {Transport["onmessage"]} */
  onmessage = null
  /** @type {Transport["onclose"]} */
  onclose = null
  #ways
  #link
  /** @type {Map<string, Hearing>} */
  #rooms = new Map()
  /** @type {AbortController | null} */
  #lobby = null

  /**
   * @param {string} name
   * @param {string} server
   * @param {Ways} ways
   */
  constructor(name, server, ways) {
    this.name = name
    this.#ways = ways
    this.#link = new Link(server, () => this.#hear({ type: "pong" }))
  }

  open() {
    this.#try(async () => this.#hear(await this.#ways.greet(this.#link)))
  }

  /** @param {any} message */
  send(message) {
    if (this.#link.isClosed) return false
    this.#try(() => this.#carryOut(message), message.ref)
    return true
  }

  close() {
    this.#link.close()
  }

  /** @param {any} message */
  #carryOut({ type, ref, room, ...fields }) {
    switch (type) {
      case "join":
        return this.#join(room, ref, fields)
      case "exit":
        // Who listens on would be in again.
        this.#rooms.get(room)?.stop()
        this.#rooms.delete(room)
        return this.#request(ref, `${roomPath(room)}/exit`, { method: "POST", body: {} })
      case "lobby":
        return this.#watchLobby(fields.watch ?? true)
      case "ping":
        // That the server answers this says nothing of the requests by which one hears.
        this.#link.check()
        return this.#request(ref, "/rooms", { method: "HEAD" })
      case "history":
        return this.#request(ref, `${roomPath(room)}/history?${new URLSearchParams(fields)}`)
      default:
        return this.#request(ref, `${room === undefined ? "" : roomPath(room)}/${type}`, { method: "POST", body: fields })
    }
  }

  /** @param {unknown} ref @param {string} path @param {Parameters<Link["ask"]>[1]} [options] */
  async #request(ref, path, options) {
    const answer = await this.#link.ask(path, options)
    if (ref !== undefined) this.#hear({ ...answer, ref })
  }

  /** @param {string} room @param {unknown} ref @param {any} fields */
  async #join(room, ref, fields) {
    this.#rooms.get(room)?.stop()
    const hearing = new Hearing(this.#link, this.#ways, room)
    this.#rooms.set(room, hearing)
    const closing = await hearing.run(fields, (message) => {
      this.#hear(message.type === "joined" || message.type === "held" ? { ...message, ref } : message)
    })
    if (this.#rooms.get(room) !== hearing) return
    this.#rooms.delete(room)
    if (closing) this.#end(closing)
  }

  /** @param {boolean} on */
  async #watchLobby(on) {
    this.#lobby?.abort()
    this.#lobby = null
    if (!on) return
    const watch = (this.#lobby = new AbortController())
    try {
      for await (const message of this.#ways.hearLobby(this.#link, watch.signal)) {
        if (watch.signal.aborted) return
        this.#hear(message)
        if (message.type === "bye") return this.#end(message)
      }
    } catch (error) {
      if (watch.signal.aborted) return
      throw error
    }
    if (!watch.signal.aborted) throw new Error("The stream ended.")
  }

  /**
   * Does something; a refusal is its answer, and anything else that goes wrong ends the connection.
   * @param {() => Promise<void>} work @param {unknown} [ref]
   */
  async #try(work, ref) {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof RoostError)) this.#end({ code: 1006, reason: String(error) })
      else if (ref !== undefined) this.#hear({ ...error.problem, type: "error", ref })
    }
  }

  /** @param {any} message */
  #hear(message) {
    if (!this.#link.isClosed) this.onmessage?.(message)
  }

  /** @param {{ code: number, reason: string }} closing */
  #end({ code, reason }) {
    if (this.#link.isClosed) return
    this.#link.close()
    this.onclose?.({ code, reason })
  }
}

/** @param {string} room */
export function roomPath(room) {
  return `/room/${encodeURIComponent(room)}`
}

/** @param {Position} position */
export function sinceText({ epoch, seq }) {
  return encodeURIComponent(`${epoch}:${seq}`)
}
