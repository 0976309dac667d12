// @ts-check

const KEY = "roost.redirects"
/** So many in so many milliseconds are too many: rooms send one to and fro. */
const MOST = 5
const WITHIN = 10_000

/** Whether the page may go on to another room by itself; counts that it does. */
export function mayGoOn() {
  try {
    const before = JSON.parse(sessionStorage.getItem(KEY) ?? "[]").filter((/** @type {number} */ at) => at > Date.now() - WITHIN)
    sessionStorage.setItem(KEY, JSON.stringify([...before, Date.now()]))
    return before.length < MOST
  } catch {
    // Without a storage nobody can count.
    return false
  }
}
