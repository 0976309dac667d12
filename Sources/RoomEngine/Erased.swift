/// Who stands where somebody was who has been erased. Everyone who was is this one: nothing tells them apart any more.
package enum Erased {
    package static let id = "u_erased"
    package static let name = "(erased)"
    package static let color = defaultColor
}
