// @ts-check

/** @import { Member, RoostEvent } from "./types.js" */

/** Who is in a room, as its events tell. The server lists 500 at most: `count` of the room is the number. */
export class Members {
  /** @type {Map<string, Member>} */
  byID = new Map()

  /** @param {Member[]} members */
  replace(members) {
    this.byID = new Map(members.map((member) => [member.id, member]))
  }

  /**
   * @param {RoostEvent} event one that happened just now
   * @returns {boolean} whether it changed anything
   */
  apply(event) {
    const member = event.member
    switch (event.type) {
      case "join":
      case "name":
      case "role":
        if (member) this.byID.set(member.id, member)
        return true
      case "exit":
        return member ? this.byID.delete(member.id) : false
      case "owner":
        for (const other of this.byID.values()) {
          if (other.role === "owner") this.byID.set(other.id, { ...other, role: "member" })
        }
        if (member) this.byID.set(member.id, member)
        return true
      default:
        return false
    }
  }
}
