// @ts-check

/**
 * Calls `back` when a person comes back to the page, or the network does: they need not wait for a timer. Signs of life on a
 * page that is in front all the time count only where `isIdle` says so.
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
  for (const sign of ["pointerdown", "keydown"]) addEventListener(sign, () => isIdle() && seen())
}
