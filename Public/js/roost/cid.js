// @ts-check

/** A name for a message that no other has. `crypto.randomUUID` is there only on pages that came encrypted or from this machine. */
export function newCID() {
  if (crypto.randomUUID) return crypto.randomUUID()
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("")
}
