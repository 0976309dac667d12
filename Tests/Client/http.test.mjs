// The transports over HTTP, with a server that the test plays by taking fetch's place.
import assert from "node:assert/strict"
import { afterEach, test } from "node:test"
import { dataOf } from "../../Public/js/roost/transports/event-stream.js"
import { eventsTransport } from "../../Public/js/roost/transports/events.js"
import { pollingTransport } from "../../Public/js/roost/transports/polling.js"
import { chat, exit, joinedAnswer, welcome, you } from "./rig.mjs"

const realFetch = globalThis.fetch
/** What ends with a test: transports, and the server's ends of streams. */
const open = []
afterEach(() => {
  for (const end of open.splice(0)) end()
  globalThis.fetch = realFetch
})

const turn = () => new Promise((done) => setTimeout(done, 5))
const json = (body, status = 200) => new Response(JSON.stringify(body), { status })
const refusal = (code, status) => json({ type: "error", code, text: code }, status)

/** A stream that the test writes to. */
function stream() {
  let control
  const response = new Response(new ReadableStream({ start: (controller) => (control = controller) }))
  const end = () => control.error(new Error("aborted"))
  open.push(end)
  const say = (...messages) => messages.forEach((one) => control.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(one)}\n\n`)))
  return { response, say, end }
}

/** Answers requests by `METHOD /path`; keeps what was asked. Aborting works as with the real one. */
function serve(routes) {
  const asked = []
  globalThis.fetch = (url, { method = "GET", body, signal, headers } = {}) => {
    const { pathname, search } = new URL(url)
    const request = { name: `${method} ${pathname}`, search: decodeURIComponent(search), body: body && JSON.parse(body), headers, signal }
    asked.push(request)
    return new Promise((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason))
      Promise.resolve(routes[request.name]?.(request) ?? refusal("not_found", 404)).then(resolve, reject)
    })
  }
  return asked
}

/** A transport with all that it has told. */
function listen(transport) {
  const heard = []
  open.push(() => transport.close())
  transport.onmessage = (message) => message.type !== "pong" && heard.push(message)
  transport.onclose = (closing) => heard.push({ type: "closed", ...closing })
  return heard
}

const short = (heard) => heard.map(({ type, seq, code }) => [type, seq ?? code].filter((part) => part !== undefined).join(" "))

test("server-sent events are read however they are cut", async () => {
  const text = `retry: 2000\n\n:\n\nid: e:1\ndata: {"a":"é"}\n\ndata: one\ndata:two\n\ndata: unfinished`
  const bytes = new TextEncoder().encode(text)
  for (let size = 1; size < 12; size += 1) {
    const body = new ReadableStream({
      start(control) {
        for (let at = 0; at < bytes.length; at += size) control.enqueue(bytes.slice(at, at + size))
        control.close()
      },
    })
    const read = []
    for await (const data of dataOf(body, () => {})) read.push(data)
    assert.deepEqual(read, ['{"a":"é"}', "one\ntwo"])
  }
})

test("events: first it hears, then it asks, and tells the answer before what came meanwhile", async () => {
  const [lobby, room] = [stream(), stream()]
  let answer
  const asked = serve({
    "GET /rooms": () => lobby.response,
    "GET /room/r/events": () => room.response,
    "POST /room/r/join": () => new Promise((done) => (answer = done)),
  })
  const transport = eventsTransport("http://roost.test")
  const heard = listen(transport)
  transport.open()
  lobby.say(welcome, { type: "rooms", rooms: [] })
  await turn()
  transport.send({ type: "join", ref: 7, room: "r", epoch: "e", seq: 3 })
  room.say(welcome, joinedAnswer({ seq: 3 }), chat(4), { type: "whisper", room: "r" }, chat(5))
  await turn()
  assert.deepEqual(short(heard), ["welcome"])
  answer(json(joinedAnswer({ seq: 4, events: [chat(4)] })))
  await turn()
  room.say(chat(6))
  await turn()
  assert.deepEqual(short(heard), ["welcome", "joined 4", "whisper", "chat 5", "chat 6"])
  assert.equal(heard[1].ref, 7)
  assert.equal(asked.find(({ name }) => name === "GET /room/r/events").search, "?since=e:3")
})

for (const [name, make] of [["events", eventsTransport], ["polling", pollingTransport]]) {
  /** What lets into a room, and then keeps silent. */
  const room = (events = []) => {
    let asked = 0
    if (name === "polling") {
      return () => {
        asked += 1
        const answer = { type: "events", room: "r", epoch: "e", seq: 1, reset: asked === 1, messages: [], events: asked === 2 ? events : [] }
        return asked < 3 ? json(answer) : new Promise(() => {})
      }
    }
    return ({ signal }) => {
      const { response, say, end } = stream()
      signal.addEventListener("abort", end)
      say(welcome, joinedAnswer({ seq: 1 }), ...events)
      return response
    }
  }

  test(`${name}: a password goes by POST, and only when it is asked for`, async () => {
    let isIn = false
    const inside = room()
    const asked = serve({
      "GET /room/r/events": (request) => (isIn ? inside(request) : refusal("wrong_password", 403)),
      "POST /room/r/join": ({ body }) => {
        isIn ||= body.password === "yes"
        return isIn ? json(joinedAnswer()) : refusal("wrong_password", 403)
      },
    })
    const transport = make("http://roost.test")
    const heard = listen(transport)
    transport.send({ type: "join", ref: 1, room: "r" })
    await turn()
    transport.send({ type: "join", ref: 2, room: "r", password: "no" })
    await turn()
    transport.send({ type: "join", ref: 3, room: "r", password: "yes" })
    await turn()
    assert.deepEqual(heard.map(({ ref, type, code }) => [ref, code ?? type]), [[1, "wrong_password"], [2, "wrong_password"], [3, "joined"]])
    assert.ok(asked.every(({ search }) => !search.includes("yes")))
  })

  test(`${name}: what is sent goes by POST, and answers and refusals come back under their ref`, async () => {
    const asked = serve({
      "POST /room/r/chat": () => json({ type: "ok", seq: 5 }),
      "POST /room/r/whisper": () => refusal("not_found", 404),
      "POST /room/r/typing": () => new Response(null, { status: 204 }),
      "POST /name": () => json({ type: "ok" }),
      "GET /room/r/history": () => json({ type: "history", events: [], more: false }),
    })
    const transport = make("http://roost.test")
    const heard = listen(transport)
    for (const message of [
      { type: "chat", room: "r", text: "hello", cid: "c1", reply_to: 2 }, { type: "whisper", room: "r", to: "u_9", text: "psst", cid: "c2" },
      { type: "name", name: "Zoe" }, { type: "history", room: "r", before: 9, limit: 50 },
    ]) {
      transport.send({ ...message, ref: message.type })
      await turn()
    }
    transport.send({ type: "typing", room: "r", on: true })
    await turn()
    assert.deepEqual(heard.map(({ ref, type }) => [ref, type]), [["chat", "ok"], ["whisper", "error"], ["name", "ok"], ["history", "history"]])
    assert.deepEqual(asked[0].body, { text: "hello", cid: "c1", reply_to: 2 })
    assert.equal(asked[3].search, "?before=9&limit=50")
  })

  test(`${name}: after one's own exit the room is not asked for again; a seat lost by mishap is taken again`, async () => {
    for (const [reason, last] of [["left", "exit 2"], ["kicked", "exit 2"], ["timeout", "closed 1006"]]) {
      const asked = serve({ "GET /room/r/events": room([exit(2, you, reason)]), "POST /room/r/join": () => json(joinedAnswer({ seq: 1 })) })
      const transport = make("http://roost.test")
      const heard = listen(transport)
      transport.send({ type: "join", ref: 1, room: "r", epoch: "e", seq: 1 })
      await turn()
      await turn()
      assert.deepEqual(short(heard).at(-1), last, reason)
      const { length } = asked
      await turn()
      assert.equal(asked.length, length)
    }
  })

  test(`${name}: a request that fails, or an answer from something in between, ends the connection once`, async () => {
    for (const answer of [() => Promise.reject(new TypeError("fetch failed")), () => new Response("<h1>Bad gateway</h1>", { status: 502 })]) {
      serve({ "POST /room/r/chat": answer })
      const transport = make("http://roost.test")
      const heard = listen(transport)
      transport.send({ type: "chat", ref: 1, room: "r", text: "a" })
      transport.send({ type: "chat", ref: 2, room: "r", text: "b" })
      await turn()
      assert.deepEqual(short(heard), ["closed 1006"])
      assert.equal(transport.send({ type: "ping" }), false)
    }
  })

  test(`${name}: after a sleep a request that is overdue ends the connection, although the server answers another`, async (t) => {
    serve({ "GET /room/r/events": room(), "POST /room/r/join": () => json(joinedAnswer({ seq: 1 })), "HEAD /rooms": () => new Response() })
    const transport = make("http://roost.test")
    const heard = listen(transport)
    transport.send({ type: "join", ref: 1, room: "r", epoch: "e", seq: 1 })
    await turn()
    const now = Date.now
    for (const [slept, last] of [[20_000, "joined 1"], [60_000, "closed 1006"]]) {
      t.mock.method(Date, "now", () => now() + slept)
      transport.send({ type: "ping" })
      await turn()
      assert.deepEqual(short(heard).at(-1), last)
    }
  })
}

test("polling: it asks from where the last answer ended", async () => {
  const answers = [{ seq: 3, events: [], reset: true }, { seq: 5, events: [chat(4), chat(5)], reset: false }]
  const asked = serve({
    "GET /room/r/events": () => {
      const next = answers.shift()
      return next ? json({ type: "events", room: "r", epoch: "e", messages: [], ...next }) : new Promise(() => {})
    },
    "POST /room/r/join": () => json(joinedAnswer({ seq: 3 })),
  })
  const transport = pollingTransport("http://roost.test")
  const heard = listen(transport)
  transport.send({ type: "join", ref: 1, room: "r" })
  await turn()
  assert.deepEqual(short(heard), ["joined 3", "chat 4", "chat 5"])
  const polls = asked.filter(({ name }) => name.startsWith("GET")).map(({ search }) => search)
  assert.deepEqual(polls, ["?since=-:0&wait=0", "?since=e:3&wait=25", "?since=e:5&wait=25"])
})
