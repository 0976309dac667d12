// @ts-check

/** How often it looks, and how late a look may be before the machine must have slept. */
const TICK = 5000
const LATE = 3 * TICK

/**
 * Calls `back` when a person comes back to the page, the network does, or the machine wakes: they need not wait for a timer.
 * Signs of life on a page that is in front all the time count only where `isIdle` says so.
 *
 * @param {() => void} back
 * @param {() => boolean} isIdle
 */
export function onReturn(back, isIdle) {
  if (typeof document === "undefined") return
  const seen = () => {
    if (document.visibilityState === "visible") back()
  }
  addEventListener("online", seen)
  addEventListener("pageshow", (event) => event.persisted && seen())
  // A page that was frozen goes on (Page Lifecycle).
  for (const sign of ["visibilitychange", "resume"]) document.addEventListener(sign, seen)
  // A page that is in front when the machine wakes is told nothing.
  let lookedAt = Date.now()
  setInterval(() => {
    const before = lookedAt
    lookedAt = Date.now()
    if (lookedAt - before > LATE) seen()
  }, TICK)
  for (const sign of ["pointerdown", "keydown"]) addEventListener(sign, () => isIdle() && seen())
}
