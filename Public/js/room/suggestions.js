// @ts-check
import { announce, byID, h } from "../ui/dom.js"
import { t } from "../i18n/index.js"

/** @import { Command, Member } from "../roost/types.js" */
/** @import { Room } from "../roost/index.js" */

/** @typedef {{ value: string, title: string, note: string }} Suggestion */

const MOST = 8

/**
 * Slash commands, and then the people they can be about, while one is being typed. Arrows choose, Tab or Enter takes, Escape
 * closes. The text field keeps the focus (ARIA's `aria-activedescendant`).
 */
export class Suggestions {
  #room
  #text
  #list = byID("suggestions")
  /** @type {Suggestion[]} */
  #found = []
  #chosen = 0
  /** What was closed by Escape stays closed until it changes. */
  #dismissed = ""

  /**
   * @param {Room} room
   * @param {HTMLTextAreaElement} text
   */
  constructor(room, text) {
    this.#room = room
    this.#text = text
    text.addEventListener("blur", () => this.#show([]))
    // The field must not lose the focus by pressing on the list.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault())
    this.#list.addEventListener("click", ({ target }) => {
      const option = /** @type {HTMLElement} */ (target).closest("[role=option]")
      if (option) this.#take(this.#found[[...this.#list.children].indexOf(option)])
    })
  }

  update() {
    const { value } = this.#text
    if (value !== this.#dismissed) this.#dismissed = ""
    this.#show(this.#dismissed ? [] : suggestionsFor(value, this.#room.commands, [...this.#room.members.byID.values()]))
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether the key was for the suggestions */
  press(event) {
    if (!this.#found.length) return false
    switch (event.key) {
      case "ArrowDown":
        this.#choose(this.#chosen + 1)
        break
      case "ArrowUp":
        this.#choose(this.#chosen - 1)
        break
      case "Tab":
        if (event.shiftKey) return false
        this.#take(this.#found[this.#chosen])
        break
      case "Enter":
        // A command that stands there whole is sent.
        if (event.shiftKey || this.#found[this.#chosen].value.trim() === this.#text.value.trim()) return false
        this.#take(this.#found[this.#chosen])
        break
      case "Escape":
        this.#dismissed = this.#text.value
        this.#show([])
        break
      default:
        return false
    }
    event.preventDefault()
    return true
  }

  /** @param {Suggestion[]} found */
  #show(found) {
    if (found.length && found.length !== this.#found.length) announce(t("composer.commands.found", { n: found.length }))
    this.#found = found
    this.#list.hidden = found.length === 0
    this.#list.replaceChildren(
      ...found.map(({ title, note }, index) =>
        h("li", { role: "option", id: `suggestion-${index}` }, h("span", { class: "suggestion-title" }, title), h("span", { class: "suggestion-note" }, note)),
      ),
    )
    this.#choose(0)
  }

  /** @param {number} index */
  #choose(index) {
    const count = this.#found.length
    this.#chosen = count ? (index + count) % count : 0
    ;[...this.#list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === this.#chosen)))
    if (!count) return this.#text.removeAttribute("aria-activedescendant")
    this.#text.setAttribute("aria-activedescendant", `suggestion-${this.#chosen}`)
    this.#list.children[this.#chosen].scrollIntoView({ block: "nearest" })
  }

  /** @param {Suggestion} suggestion */
  #take({ value }) {
    this.#text.value = value
    this.#text.setSelectionRange(value.length, value.length)
    this.#text.dispatchEvent(new Event("input", { bubbles: true }))
    this.#text.focus()
  }
}

/**
 * @param {string} text what is typed
 * @param {Command[]} commands
 * @param {Member[]} members
 * @returns {Suggestion[]}
 */
export function suggestionsFor(text, commands, members) {
  const typed = /^\/([\p{L}\p{N}_-]*)$/u.exec(text)
  if (typed) {
    const beginning = typed[1].toLowerCase()
    return commands
      .filter(({ name }) => name.startsWith(beginning))
      .slice(0, MOST)
      .map(({ name, usage, help }) => ({ value: usage === `/${name}` ? usage : `/${name} `, title: usage, note: help }))
  }
  const about = /^\/([\p{L}\p{N}_-]+)\s+"?@?([^"]*)$/u.exec(text)
  const command = about && commands.find(({ name }) => name === about[1].toLowerCase())
  if (!command || !/^\/\S+ <(who|user|person|member)>/.test(command.usage)) return []
  const beginning = about[2].toLowerCase()
  return members
    .filter(({ name }) => name.toLowerCase().startsWith(beginning))
    .slice(0, MOST)
    .map(({ name }) => ({ value: `/${command.name} ${/\s/.test(name) ? `"${name}"` : name} `, title: name, note: command.usage }))
}
