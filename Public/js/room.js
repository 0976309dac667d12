// @ts-check
// The page of one room: makes its parts and ties them to the room.
import { connect } from "./roost/index.js"
import { translate } from "./i18n/index.js"
import { byID } from "./ui/dom.js"
import { placeIcons } from "./ui/icons.js"
import { Composer } from "./room/composer.js"
import { Gate } from "./room/gate.js"
import { GIFDrop } from "./room/gif-drop.js"
import { Header } from "./room/header.js"
import { Log } from "./room/log.js"
import { PasswordDialog } from "./room/password.js"
import { PeoplePanel } from "./room/people.js"
import { Reviews } from "./room/reviews.js"
import { TypingLine } from "./room/typing.js"
import { Unread } from "./room/unread.js"
import { UnsentList } from "./room/unsent.js"
import { Uploads } from "./room/uploads.js"

translate()
placeIcons()

// ?transport=polling and the like, to see how it is where a WebSocket does not get through.
const roost = connect({ transport: /** @type {any} */ (new URLSearchParams(location.search).get("transport") ?? "auto") })
const room = roost.room(decodeURIComponent(location.pathname.split("/")[2] ?? ""))

const log = new Log(room, { whisperTo: (member) => composer.whisperTo(member), replyTo: (event) => composer.replyTo(event), edit: (event) => composer.edit(event) })
const uploads = new Uploads(room, roost)
const unread = new Unread(room, log)
const composer = new Composer(room, roost, { sent: () => log.toBottom() })
new UnsentList(room, uploads, log)
new GIFDrop((files) => uploads.add(files))
new Header(room, roost, unread)
new PeoplePanel(room, roost, { whisperTo: (member) => composer.whisperTo(member) })
new Reviews(room)
new TypingLine(room)
new PasswordDialog(room)
new Gate(room)

// The seat is given up at once by leaving, and kept for a while when the page merely goes away.
byID("leave").addEventListener("click", async (event) => {
  event.preventDefault()
  document.body.classList.add("is-leaving")
  await Promise.race([room.leave(), new Promise((done) => setTimeout(done, 1000))])
  location.assign("/")
})
