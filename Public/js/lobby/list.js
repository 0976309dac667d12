// @ts-check
import { announce, byID, h } from "../ui/dom.js"
import { t } from "../i18n/index.js"
import { roomCard } from "./card.js"

/** @import { RoomInfo } from "../roost/types.js" */

/** How many are shown before somebody asks for more, and from how many on there is a search. */
const PAGE = 100
const SEARCH_FROM = 8

/** The list of rooms. Rooms keep their places while it is looked at; new ones come on top. */
export class RoomList {
  /** In the order shown. @type {RoomInfo[]} */
  #rooms = []
  /** @type {Map<string, HTMLElement>} */
  #cards = new Map()
  #shown = PAGE
  #query = ""
  #list = byID("room-list")
  #search = byID("search")
  #more = h("button", { class: "button", type: "button", on: { click: () => this.#showMore() } })

  constructor() {
    this.#search.querySelector("input")?.addEventListener("input", ({ target }) => {
      this.#query = /** @type {HTMLInputElement} */ (target).value.trim().toLocaleLowerCase()
      this.#render()
    })
  }

  /** @param {RoomInfo[]} rooms */
  show(rooms) {
    this.#rooms = rooms
    this.#cards.clear()
    this.#render()
  }

  /** @param {RoomInfo} room */
  add(room) {
    this.#rooms.unshift(room)
    this.#render()
    this.#cards.get(room.id)?.classList.add("is-new")
    announce(t("lobby.added", { title: room.title }))
  }

  /** @param {RoomInfo} room */
  change(room) {
    const index = this.#rooms.findIndex(({ id }) => id === room.id)
    if (index < 0) return
    this.#rooms[index] = room
    const old = this.#cards.get(room.id)
    if (!old) return
    const hadFocus = old.contains(document.activeElement)
    const card = roomCard(room)
    this.#cards.set(room.id, card)
    old.replaceWith(card)
    if (hadFocus) card.querySelector("a")?.focus()
  }

  /** @param {string} id */
  remove(id) {
    this.#rooms = this.#rooms.filter((room) => room.id !== id)
    this.#cards.delete(id)
    this.#render()
  }

  #showMore() {
    this.#shown += PAGE
    this.#render()
  }

  #render() {
    const found = this.#rooms.filter((room) => `${room.title}\n${room.topic}`.toLocaleLowerCase().includes(this.#query))
    const cards = found.slice(0, this.#shown).map((room) => {
      const card = this.#cards.get(room.id) ?? roomCard(room)
      this.#cards.set(room.id, card)
      return card
    })
    this.#arrange(cards)
    this.#more.textContent = t("lobby.more", { n: found.length - this.#shown })
    if (found.length > this.#shown) this.#list.after(this.#more)
    else this.#more.remove()

    const isEmpty = this.#rooms.length === 0
    byID("rooms-empty").hidden = !isEmpty
    byID("rooms-count").textContent = isEmpty ? "" : String(this.#rooms.length)
    this.#search.hidden = this.#rooms.length < SEARCH_FROM && !this.#query
    if (!isEmpty && found.length === 0) this.#list.replaceChildren(h("li", { class: "soft" }, t("lobby.none", { query: this.#query })))
  }

  /** Puts the cards in, touching only what changes, so that focus stays where it is. @param {HTMLElement[]} cards */
  #arrange(cards) {
    const wanted = new Set(cards)
    for (const child of [...this.#list.children]) if (!wanted.has(/** @type {HTMLElement} */ (child))) child.remove()
    cards.forEach((card, index) => {
      const there = this.#list.children[index]
      if (there !== card) this.#list.insertBefore(card, there ?? null)
    })
  }
}
