// @ts-check
import lobby from "./ko/lobby.js"
import messages from "./ko/messages.js"
import people from "./ko/people.js"
import problems from "./ko/problems.js"
import room from "./ko/room.js"

/** Korean. */
export default { language: "한국어", ...lobby, ...messages, ...people, ...problems, ...room }
