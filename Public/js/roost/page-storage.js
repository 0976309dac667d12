// @ts-check

/** What lasts as long as the window, where there is such a thing and it may be used. @returns {Storage | null} */
export function pageStorage() {
  try {
    return globalThis.sessionStorage ?? null
  } catch {
    return null
  }
}
