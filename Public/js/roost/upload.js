// @ts-check
import { RoostError } from "./emitter.js"

/**
 * Sends a GIF into a room that this person is in.
 *
 * With XMLHttpRequest, since fetch does not tell how much has gone out.
 *
 * @param {string} room
 * @param {Blob} file
 * @param {object} options
 * @param {string} options.cid the same one for the same message, however often it is tried
 * @param {string} [options.caption]
 * @param {(fraction: number) => void} [options.onprogress] 0 to 1
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<{ seq: number }>} rejects with a RoostError
 */
export function uploadGIF(room, file, { cid, caption, onprogress, signal }) {
  return new Promise((resolve, reject) => {
    const form = new FormData()
    form.append("cid", cid)
    if (caption) form.append("caption", caption)
    form.append("gif", file)

    const request = new XMLHttpRequest()
    request.open("POST", `/room/${encodeURIComponent(room)}/gif`)
    request.responseType = "json"
    request.upload.onprogress = ({ loaded, total }) => onprogress?.(total ? loaded / total : 0)
    request.onload = () => {
      if (request.status === 201) resolve(request.response)
      else reject(new RoostError(request.response ?? { code: "unavailable", text: `The server answered ${request.status}.` }))
    }
    request.onerror = () => reject(new RoostError({ code: "disconnected", text: "The upload was cut short." }))
    request.onabort = () => reject(new RoostError({ code: "aborted", text: "The upload was stopped." }))
    signal?.addEventListener("abort", () => request.abort())
    request.send(form)
  })
}
