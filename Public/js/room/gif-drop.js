// @ts-check
import { byID } from "../ui/dom.js"

/** Takes files by the button, dropped on the page, or pasted. */
export class GIFDrop {
  #depth = 0

  /** @param {(files: File[]) => void} take */
  constructor(take) {
    const input = /** @type {HTMLInputElement} */ (byID("gif-file"))
    byID("gif-button").addEventListener("click", () => input.click())
    input.addEventListener("change", () => {
      take([...(input.files ?? [])])
      // Else the same file chosen again would be no change.
      input.value = ""
    })
    document.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])]
      if (!files.length) return
      event.preventDefault()
      take(files)
    })
    this.#takeDrops(take)
  }

  /** @param {(files: File[]) => void} take */
  #takeDrops(take) {
    const hasFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") ?? false
    const count = (/** @type {number} */ depth) => {
      this.#depth = Math.max(0, depth)
      document.body.classList.toggle("is-dropping", this.#depth > 0)
    }
    addEventListener("dragenter", (event) => hasFiles(event) && count(this.#depth + 1))
    addEventListener("dragleave", (event) => hasFiles(event) && count(this.#depth - 1))
    addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault())
    addEventListener("drop", (event) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      count(0)
      take([...(event.dataTransfer?.files ?? [])])
    })
  }
}
