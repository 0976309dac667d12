// @ts-check
import { byID } from "../ui/dom.js"
import { problemText, t } from "../i18n/index.js"

/** @import { Problem } from "../roost/types.js" */

const TITLE_LENGTH = 60
const FIELDS = ["title", "max", "password"]

/** The form for a new room. What is wrong is said beside the field. */
export class CreateForm {
  #form
  #button

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.#form = form
    this.#button = /** @type {HTMLButtonElement} */ (form.querySelector("button"))
    form.addEventListener("submit", (event) => {
      event.preventDefault()
      this.#submit()
    })
    form.addEventListener("input", ({ target }) => this.#say(/** @type {HTMLInputElement} */ (target).name, ""))
  }

  async #submit() {
    const values = new FormData(this.#form)
    const title = String(values.get("title")).trim()
    const max = Number(values.get("max"))
    const password = String(values.get("password"))

    for (const field of [...FIELDS, "create"]) this.#say(field, "")
    if (!title) return this.#fail("title", t("create.error.title"))
    if ([...title].length > TITLE_LENGTH) return this.#fail("title", t("create.error.title.long", { n: TITLE_LENGTH }))
    if (!Number.isInteger(max) || max < 2 || max > 10_000) return this.#fail("max", t("create.error.max"))

    this.#setBusy(true)
    const problem = await createRoom({ title, max, ...(password && { password }) })
    this.#setBusy(false)
    if (problem) this.#fail(problem.field ?? "", problem.code === "failed" ? problem.text : problemText(problem))
  }

  /** @param {boolean} isBusy */
  #setBusy(isBusy) {
    this.#button.disabled = isBusy
    this.#button.textContent = t(isBusy ? "create.busy" : "create.submit")
  }

  /** Shows what is wrong with a field, or with the whole form, and goes there. @param {string} field @param {string} text */
  #fail(field, text) {
    const isField = FIELDS.includes(field)
    this.#say(isField ? field : "create", text)
    if (isField) byID(field).focus()
  }

  /** @param {string} field @param {string} text */
  #say(field, text) {
    const place = byID(`${field}-error`)
    place.textContent = text
    place.hidden = !text
    if (!FIELDS.includes(field)) return
    if (text) byID(field).setAttribute("aria-invalid", "true")
    else byID(field).removeAttribute("aria-invalid")
  }
}

/**
 * Makes a room and goes there.
 * @param {{ title: string, max: number, password?: string }} room
 * @returns {Promise<Problem | undefined>} what is wrong, if something is
 */
async function createRoom(room) {
  try {
    const response = await fetch("/room", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(room),
    })
    const answer = await response.json()
    if (!response.ok) return answer
    location.assign(`/room/${encodeURIComponent(answer.id)}`)
  } catch {
    return { code: "failed", text: t("create.error.failed") }
  }
}
