// @ts-check
import { announce, byID, h } from "../ui/dom.js"
import { icon } from "../ui/icons.js"
import { problemText, t } from "../i18n/index.js"
import { paragraph } from "./message-bubble.js"

/** @import { Problem, Unsent } from "../roost/types.js" */
/** @import { Room } from "../roost/index.js" */
/** @import { Log } from "./log.js" */
/** @import { Upload, Uploads } from "./uploads.js" */

/** Below the messages: what was written and is not there yet, and why. */
export class UnsentList {
  #room
  #uploads
  #log
  #box = byID("unsent")
  /** What is shown, by cid, with what it was made from: only what has changed is made anew. @type {Map<string, { made: string, element: HTMLElement }>} */
  #shown = new Map()

  /**
   * @param {Room} room
   * @param {Uploads} uploads
   * @param {Log} log
   */
  constructor(room, uploads, log) {
    this.#room = room
    this.#uploads = uploads
    this.#log = log
    room.on("outbox", () => this.#render())
    uploads.on("change", () => this.#render())
    uploads.on("progress", (upload) => this.#showProgress(upload))
    this.#render()
  }

  #render() {
    const elements = [
      ...this.#room.outbox.items.map((item) => this.#keep(item.cid, [item.state, item.problem], () => this.#message(item))),
      ...this.#uploads.items.map((upload) => this.#keep(upload.cid, [upload.state, upload.problem], () => this.#upload(upload))),
    ]
    const left = new Set(elements)
    for (const [cid, { element }] of this.#shown) if (!left.has(element)) this.#shown.delete(cid)
    this.#log.scroll.keepBottom(() => {
      for (const child of [...this.#box.children]) if (!left.has(/** @type {HTMLElement} */ (child))) child.remove()
      elements.forEach((element, index) => {
        if (this.#box.children[index] !== element) this.#box.insertBefore(element, this.#box.children[index] ?? null)
      })
    })
  }

  /** @param {string} cid @param {unknown[]} from @param {() => HTMLElement} make */
  #keep(cid, from, make) {
    const made = JSON.stringify(from)
    const there = this.#shown.get(cid)
    if (there?.made === made) return there.element
    const element = make()
    this.#shown.set(cid, { made, element })
    return element
  }

  /** @param {Unsent} item */
  #message(item) {
    const { outbox } = this.#room
    const isWhisper = item.kind === "whisper"
    return h(
      "div",
      { class: `group mine is-${item.state}` },
      h(
        "div",
        { class: "bubbles" },
        isWhisper && h("p", { class: "unsent-note" }, t("composer.whisper", { name: item.toName })),
        h(
          "div",
          { class: isWhisper ? "bubble is-whisper" : "bubble" },
          item.reply_to !== undefined && this.#log.replies.quote(item.reply_to),
          paragraph(item.text),
        ),
        item.problem
          ? problemNote(item.problem, () => outbox.retry(item.cid), () => outbox.remove(item.cid))
          : h("p", { class: "unsent-note" }, stateText(item)),
      ),
    )
  }

  /** @param {Upload} upload */
  #upload(upload) {
    const stop = () => this.#uploads.remove(upload)
    return h(
      "div",
      { class: `group mine is-${upload.state}`, data: { cid: upload.cid } },
      h(
        "div",
        { class: "bubbles" },
        h("div", { class: "bubble has-picture" }, upload.preview),
        upload.problem
          ? problemNote(upload.problem, upload.problem.code === "file" ? null : () => this.#uploads.send(upload), stop)
          : h(
              "p",
              { class: "unsent-note" },
              h("progress", { max: 1, value: upload.progress, "aria-label": t("gif.uploading") }),
              h("button", { class: "link-button", type: "button", on: { click: stop } }, t("gif.cancel")),
            ),
      ),
    )
  }

  /** @param {Upload} upload */
  #showProgress({ cid, progress }) {
    const bar = this.#box.querySelector(`[data-cid="${cid}"] progress`)
    if (bar) /** @type {HTMLProgressElement} */ (bar).value = progress
  }
}

/** @param {Unsent} item */
function stateText({ state }) {
  if (state === "held") return t("message.held")
  if (state === "checking") return t("message.checking")
  return t(state === "waiting" ? "message.waiting" : "message.sent")
}

/** @param {Problem} problem @param {(() => void) | null} retry null where that is no use @param {() => void} remove */
function problemNote(problem, retry, remove) {
  const text = problemText(problem)
  announce(`${t("message.refused")}: ${text}`)
  return h(
    "p",
    { class: "unsent-note problem" },
    icon("warning"),
    h("span", {}, text),
    retry && h("button", { class: "link-button", type: "button", on: { click: retry } }, t("message.retry")),
    h("button", { class: "link-button", type: "button", on: { click: remove } }, t("message.remove")),
  )
}
