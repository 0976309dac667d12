// @ts-check

/**
 * The `data` of each server-sent event in a stream (WHATWG HTML §9.2). Not EventSource: that tells neither why it was refused
 * nor that a silent connection is alive, and it comes back by itself where it should not.
 *
 * @param {ReadableStream<Uint8Array>} body
 * @param {() => void} heard called whenever bytes have come, be they only a comment
 * @returns {AsyncGenerator<string>}
 */
export async function* dataOf(body, heard) {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let line = ""
  /** @type {string[]} */
  let data = []
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    heard()
    // What ends one line may come with the next piece: the server ends lines with "\n" alone.
    const lines = (line + decoder.decode(value, { stream: true })).split("\n")
    line = lines.pop() ?? ""
    for (const one of lines) {
      if (one.startsWith("data:")) data.push(one.slice(one[5] === " " ? 6 : 5))
      else if (one === "" && data.length) {
        yield data.join("\n")
        data = []
      }
    }
  }
}
