// @ts-check
import { announce, byID, h } from "../ui/dom.js"
import { t } from "../i18n/index.js"

/** @import { Argument, Command, Member } from "../roost/types.js" */
/** @import { Room } from "../roost/index.js" */

/** @typedef {{ value: string, title: string, note: string }} Suggestion */

const MOST = 8

/**
 * Slash commands, and then what they take (people, rooms, choices), while one is being typed. Arrows choose, Tab or Enter takes, Escape
 * closes. The text field keeps the focus (ARIA's `aria-activedescendant`).
 */
export class Suggestions {
  #room
  #text
  #list = byID("suggestions")
  /** @type {Suggestion[]} */
  #found = []
  #chosen = 0
  /** Every room that can be seen, once a command wants one. @type {{ id: string, title: string }[] | null} */
  #rooms = null
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
    if (!this.#rooms && currentArgument(value, this.#room.commands)?.argument.type === "room") this.#loadRooms()
    this.#show(this.#dismissed ? [] : suggestionsFor(value, this.#room.commands, [...this.#room.members.byID.values()], this.#rooms ?? []))
  }

  /** Without an answer there are no suggestions; the room's id can be typed all the same. */
  async #loadRooms() {
    this.#rooms = []
    try {
      const response = await fetch("/rooms", { headers: { Accept: "application/json" } })
      this.#rooms = (await response.json()).rooms ?? []
      this.update()
    } catch {
      this.#rooms = null
    }
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
 * @param {{ id: string, title: string }[]} rooms
 * @returns {Suggestion[]}
 */
export function suggestionsFor(text, commands, members, rooms = []) {
  const typed = /^\/([\p{L}\p{N}_.-]*)$/u.exec(text)
  if (typed) {
    const beginning = typed[1].toLowerCase()
    return commands
      .filter(({ name }) => name.startsWith(beginning))
      .slice(0, MOST)
      .map(({ name, usage, help }) => ({ value: usage === `/${name}` ? usage : `/${name} `, title: usage, note: help }))
  }
  const current = currentArgument(text, commands)
  if (!current) return []
  const { command, argument, before, word } = current
  const beginning = word.toLowerCase()
  return candidates(argument, members, rooms)
    .filter(({ value, title }) => value.toLowerCase().startsWith(beginning) || title.toLowerCase().startsWith(beginning))
    .slice(0, MOST)
    .map(({ value, title }) => ({ value: `${before}${/\s/.test(value) ? `"${value}"` : value} `, title, note: command.usage }))
}

/**
 * Which argument of a command is being typed, and what of it stands there.
 * @param {string} text
 * @param {Command[]} commands
 */
export function currentArgument(text, commands) {
  const [, name, rest] = /^\/([\p{L}\p{N}_.-]+)\s+(.*)$/su.exec(text) ?? []
  const command = name && commands.find((each) => each.name === name.toLowerCase())
  if (!command) return null
  // Words as the server takes them: quotes keep some together, and the last may not be closed yet.
  const words = rest.match(/"[^"]*"?|\S+/g) ?? []
  const isBegun = words.length > 0 && (!/\s$/.test(rest) || /^"[^"]*$/.test(words[words.length - 1]))
  const argument = command.args[isBegun ? words.length - 1 : words.length]
  if (!argument) return null
  const last = isBegun ? words[words.length - 1] : ""
  return { command, argument, before: text.slice(0, text.length - last.length), word: last.replace(/^"/, "").replace(/^@/, "") }
}

/**
 * @param {Argument} argument
 * @param {Member[]} members
 * @param {{ id: string, title: string }[]} rooms
 * @returns {{ value: string, title: string }[]}
 */
function candidates(argument, members, rooms) {
  switch (argument.type) {
    case "user":
      return members.map(({ name }) => ({ value: name, title: name }))
    case "room":
      return rooms.map(({ id, title }) => ({ value: id, title: `${title} (${id})` }))
    case "choice":
      return (argument.choices ?? []).map((value) => ({ value, title: value }))
    case "bool":
      return [t("composer.yes"), t("composer.no")].map((title, index) => ({ value: ["yes", "no"][index], title }))
    default:
      return []
  }
}
