// @ts-check
import { Emitter, newCID, RoostError, uploadGIF } from "../roost/index.js"
import { h } from "../ui/dom.js"
import { t } from "../i18n/index.js"

/** @import { Problem } from "../roost/types.js" */
/** @import { Connection, Room } from "../roost/index.js" */

/**
 * @typedef {object} Upload
 * @property {string} cid
 * @property {File} file
 * @property {HTMLElement} preview
 * @property {"sent" | "refused"} state
 * @property {number} progress 0 to 1
 * @property {Problem} [problem] its code is `file` where trying again is no use
 * @property {AbortController} [abort]
 */

/** GIFs on their way into the room. Events: `change`; `progress` (an upload). */
export class Uploads extends Emitter {
  /** @type {Upload[]} */
  items = []
  #room
  #roost

  /**
   * @param {Room} room
   * @param {Connection} roost
   */
  constructor(room, roost) {
    super()
    this.#room = room
    this.#roost = roost
    room.on("event", ({ cid }) => this.#shown(cid))
    room.on("state", (state) => {
      if (state !== "joined") return
      for (const upload of this.items) if (upload.problem?.code === "disconnected") this.send(upload)
    })
  }

  /** @param {Iterable<File>} files */
  async add(files) {
    for (const file of files) {
      const problem = await this.#check(file)
      const preview = problem ? h("span", { class: "preview" }, file.name) : await firstFrame(file)
      /** @type {Upload} */
      const upload = { cid: newCID(), file, preview, state: "sent", progress: 0 }
      this.items.push(upload)
      if (problem) this.#refuse(upload, problem)
      else this.send(upload)
    }
  }

  /** Sends it, or sends it again. @param {Upload} upload */
  async send(upload) {
    Object.assign(upload, { state: "sent", problem: undefined, progress: 0, abort: new AbortController() })
    this.emit("change")
    try {
      await uploadGIF(this.#room.id, upload.file, {
        cid: upload.cid,
        signal: upload.abort?.signal,
        onprogress: (fraction) => {
          upload.progress = fraction
          this.emit("progress", upload)
        },
      })
    } catch (error) {
      if (!(error instanceof RoostError)) throw error
      this.#refuse(upload, error.problem)
    }
  }

  /** @param {Upload} upload */
  remove(upload) {
    this.items = this.items.filter((item) => item !== upload)
    upload.abort?.abort()
    this.emit("change")
  }

  /** @param {Upload} upload @param {Problem} problem */
  #refuse(upload, problem) {
    upload.state = "refused"
    upload.problem = problem
    this.emit("change")
  }

  /** @param {string | undefined} cid */
  #shown(cid) {
    const upload = cid && this.items.find((item) => item.cid === cid)
    if (!upload) return
    this.items = this.items.filter((item) => item !== upload)
    this.emit("change")
  }

  /** What is wrong with a file, as far as can be said here. @param {File} file @returns {Promise<Problem | undefined>} */
  async #check(file) {
    const limit = this.#roost.limits.upload
    if (file.size > limit) return { code: "file", text: t("gif.toolarge", { name: file.name, limit: Math.floor(limit / 1024 / 1024) }) }
    const magic = new TextDecoder("latin1").decode(await file.slice(0, 6).arrayBuffer())
    if (magic !== "GIF87a" && magic !== "GIF89a") return { code: "file", text: t("gif.notgif", { name: file.name }) }
  }
}

/** The first picture of a GIF, standing still. @param {File} file @returns {Promise<HTMLElement>} */
async function firstFrame(file) {
  try {
    const bitmap = await createImageBitmap(file)
    const scale = Math.min(1, 240 / Math.max(bitmap.width, bitmap.height))
    const canvas = h("canvas", { class: "preview", width: Math.ceil(bitmap.width * scale), height: Math.ceil(bitmap.height * scale) })
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
    bitmap.close()
    return canvas
  } catch {
    return h("span", { class: "preview" }, file.name)
  }
}
