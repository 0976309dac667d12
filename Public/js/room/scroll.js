// @ts-check
import { byID } from "../ui/dom.js"

/** How near the end counts as the end, and how near the beginning asks for more, in CSS pixels. */
const NEAR_END = 48
const NEAR_TOP = 240

/** Where the messages are scrolled to. Whoever reads the latest keeps seeing the latest; whoever reads back is not moved. */
export class Scroll {
  isAtBottom = true
  #scroller = byID("scroller")
  /** @type {(() => void)[]} */
  #moved = []
  /** @type {() => void} */
  #reachedTop = () => {}

  constructor() {
    this.#scroller.addEventListener("scroll", () => this.#look(), { passive: true })
    // When the composer grows, a keyboard appears or a picture has loaded.
    const stick = new ResizeObserver(() => this.isAtBottom && this.toBottom())
    stick.observe(this.#scroller)
    for (const child of this.#scroller.children) stick.observe(child)
  }

  /** @param {() => void} listener called when `isAtBottom` may have changed */
  onMove(listener) {
    this.#moved.push(listener)
  }

  /** @param {() => void} listener called when the beginning is near */
  onTop(listener) {
    this.#reachedTop = listener
  }

  toBottom() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight
    this.#look()
  }

  /** Changes the end of the messages; the latest stays in sight if it was. @param {() => void} change */
  keepBottom(change) {
    const wasAtBottom = this.isAtBottom
    change()
    if (wasAtBottom) this.toBottom()
  }

  /** Changes what is above; what is in sight stays where it is. @param {() => void} change */
  keepPlace(change) {
    const fromEnd = this.#scroller.scrollHeight - this.#scroller.scrollTop
    change()
    this.#scroller.scrollTop = this.#scroller.scrollHeight - fromEnd
  }

  #look() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller
    this.isAtBottom = scrollHeight - clientHeight - scrollTop < NEAR_END
    if (scrollTop < NEAR_TOP && scrollHeight > clientHeight) this.#reachedTop()
    for (const listener of this.#moved) listener()
  }
}
