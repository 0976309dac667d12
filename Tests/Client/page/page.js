// The least that a page needs to be in a room.
import { connect } from "/js/roost/index.js"

const options = new URLSearchParams(location.search)
const log = document.getElementById("log")
const roost = connect({ transport: options.get("transport") })
const room = roost.room(options.get("room"))
room.on("reset", () => log.replaceChildren())
room.on("event", ({ type, seq, text }) => {
  if (type === "chat") log.append(Object.assign(document.createElement("li"), { textContent: `${seq} ${text}` }))
})

// For the test.
const heard = []
for (const type of ["whisper", "notice", "typing"]) room.on(type, (message) => heard.push({ type, ...message }))
window.client = { roost, room, heard, shown: () => [...log.children].map(({ textContent }) => textContent) }
