// @ts-check
import en from "./en.js"
import ko from "./ko.js"

/** @import { Problem } from "../roost/types.js" */
/** @typedef {keyof typeof en} Key */

/** To add a language: a file and a folder beside those of en, and a line here. @type {Record<string, Record<string, any>>} */
const LANGUAGES = { en, ko }
const STORED = "roost.language"

/** The page's language: what `?lang=` says or said in this window, else the first of the browser's that there is. */
export const language = choose()

/** @returns {string} */
function choose() {
  const asked = new URLSearchParams(location.search).get("lang")
  try {
    if (asked && asked in LANGUAGES) sessionStorage.setItem(STORED, asked)
    const stored = sessionStorage.getItem(STORED)
    if (stored && stored in LANGUAGES) return stored
  } catch {
    if (asked && asked in LANGUAGES) return asked
  }
  const wanted = navigator.languages.map((tag) => tag.split("-")[0].toLowerCase())
  return wanted.find((tag) => tag in LANGUAGES) ?? "en"
}

/** The languages there are: their tags, and what they call themselves. */
export const languages = Object.entries(LANGUAGES).map(([tag, words]) => ({ tag, name: /** @type {string} */ (words.language) }))

/**
 * The words for something, in the page's language.
 * @param {Key} key
 * @param {Record<string, any>} [values] put in where the sentence says {name}
 * @returns {string}
 */
export function t(key, values = {}) {
  const words = LANGUAGES[language][key] ?? en[key]
  if (words === undefined) throw new Error(`There are no words for "${key}".`)
  if (typeof words === "function") return words(values)
  return words.replace(/\{(\w+)\}/g, (/** @type {string} */ _, /** @type {string} */ name) => String(values[name] ?? ""))
}

/** What the server said in several languages. @param {{ text?: string, texts?: Record<string, string> }} said */
export function inLanguage(said) {
  return said.texts?.[language] ?? said.text ?? ""
}

/**
 * What to tell a person about a refusal. A plugin's reason is already in their language; English is what the server speaks.
 * @param {Problem} problem
 */
export function problemText(problem) {
  const key = /** @type {Key} */ (`error.${problem.code}`)
  const text = LANGUAGES[language][key] ?? problem.text
  if (!problem.retry_after) return text
  return t("error.retry", { text: /[.!?…]$/.test(text) ? text : `${text}.`, wait: waitText(problem.retry_after) })
}

/** A time to wait, in words. @param {number} seconds */
export function waitText(seconds) {
  if (seconds < 90) return t("wait.seconds", { n: Math.max(1, Math.ceil(seconds)) })
  if (seconds < 5400) return t("wait.minutes", { n: Math.ceil(seconds / 60) })
  return t("wait.hours", { n: Math.ceil(seconds / 3600) })
}

const clock = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" })
const calendar = new Intl.DateTimeFormat(language, { weekday: "long", month: "long", day: "numeric" })
const whole = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "medium" })

export const timeText = (/** @type {number} */ at) => clock.format(at)
export const wholeTimeText = (/** @type {number} */ at) => whole.format(at)

/** `Today`, `Yesterday`, `Monday, March 3`. @param {number} at */
export function dayText(at) {
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000)
  if (days === 0) return t("log.today")
  if (days === 1) return t("log.yesterday")
  return calendar.format(at)
}

/**
 * Puts the page's own words in: text of `data-t`, and attributes of `data-t-label`, `-placeholder`, `-title`.
 * @param {ParentNode} [root]
 */
export function translate(root = document) {
  document.documentElement.lang = language
  for (const element of root.querySelectorAll("[data-t]")) {
    element.textContent = t(/** @type {Key} */ (/** @type {HTMLElement} */ (element).dataset.t))
  }
  const attributes = { tLabel: "aria-label", tPlaceholder: "placeholder", tTitle: "title" }
  for (const [name, attribute] of Object.entries(attributes)) {
    for (const element of root.querySelectorAll(`[data-t-${name.slice(1).toLowerCase()}]`)) {
      element.setAttribute(attribute, t(/** @type {Key} */ (/** @type {HTMLElement} */ (element).dataset[name])))
    }
  }
}
