// @ts-check
import lobby from "./en/lobby.js"
import messages from "./en/messages.js"
import people from "./en/people.js"
import problems from "./en/problems.js"
import room from "./en/room.js"

/** English. A sentence is text with {names}, or a function where the words depend on a number. */
export default { language: "English", ...lobby, ...messages, ...people, ...problems, ...room }
