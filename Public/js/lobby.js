// @ts-check
// The page of all rooms: a list that keeps itself up to date, and the form for a new one.
import { connect } from "./roost/index.js"
import { language, languages, t, translate } from "./i18n/index.js"
import { byID, h } from "./ui/dom.js"
import { placeIcons } from "./ui/icons.js"
import { CreateForm } from "./lobby/create.js"
import { RoomList } from "./lobby/list.js"

translate()
placeIcons()
document.title = `${t("lobby.title")} · Roost`

byID("languages").append(
  ...languages.map(({ tag, name }) =>
    h("a", { href: `?lang=${tag}`, lang: tag, hreflang: tag, "aria-current": tag === language ? "true" : null }, name),
  ),
)

new CreateForm(byID("create"))

// ?transport=polling and the like, to see how it is where a WebSocket does not get through.
const roost = connect({ transport: /** @type {any} */ (new URLSearchParams(location.search).get("transport") ?? "auto") })
const list = new RoomList()
roost.lobby.on("rooms", (rooms) => list.show(rooms))
roost.lobby.on("added", (room) => list.add(room))
roost.lobby.on("changed", (room) => list.change(room))
roost.lobby.on("removed", (id) => list.remove(id))
roost.lobby.watch()

roost.on("state", (state) => {
  const problem = byID("lobby-problem")
  problem.hidden = state === "open" || state === "connecting"
  problem.textContent = problem.hidden ? "" : t("lobby.offline")
})
