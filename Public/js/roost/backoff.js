// @ts-check

const FIRST = 500
const LONGEST = 30_000

/**
 * How long to wait before trying again: twice as long each time, up to half a minute, and never the same for two clients
 * that lost the server together ("full jitter" above a floor).
 *
 * @param {number} failures attempts that have failed in a row, from 1
 * @param {() => number} [random] 0 up to 1
 * @returns {number} milliseconds
 */
export function backoff(failures, random = Math.random) {
  const ceiling = Math.min(LONGEST, FIRST * 2 ** (failures - 1))
  return Math.round(FIRST / 2 + random() * (ceiling - FIRST / 2))
}
