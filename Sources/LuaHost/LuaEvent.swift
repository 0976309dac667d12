import CLuaShim

/// The fields of one event, laid out so that every plugin's state reads the same copy.
///
/// A class because handlers that wait still point to it. Confined to the thread of the states that read it.
package final class LuaEvent {
    private let fields: UnsafeMutableBufferPointer<roost_field>
    private var event: roost_event

    /// - Parameters:
    ///   - type: as described to each state by ``LuaState/define(event:name:kind:fields:)``
    ///   - serial: what names this event when a lazy field is asked for
    ///   - slots: the number of fields; all are nil at first
    package init(type: UInt32, serial: UInt64, slots: Int) {
        fields = .allocate(capacity: slots)
        fields.initialize(repeating: roost_field())
        event = roost_event(type: type, count: UInt32(slots), serial: serial, fields: UnsafePointer(fields.baseAddress))
    }

    deinit {
        for slot in fields.indices { freeString(slot) }
        fields.deallocate()
    }

    package var serial: UInt64 { event.serial }

    package func set(_ slot: Int, _ text: String) {
        freeString(slot)
        var text = text
        fields[slot] = text.withUTF8 { bytes in
            let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: max(bytes.count, 1))
            UnsafeMutableRawBufferPointer(copy).copyBytes(from: bytes)
            var field = roost_field()
            field.tag = UInt8(ROOST_STRING)
            field.length = UInt32(bytes.count)
            field.string = UnsafePointer(copy.baseAddress)
            return field
        }
    }

    package func set(_ slot: Int, _ integer: Int64) {
        setPlain(slot, ROOST_INTEGER) { $0.integer = integer }
    }

    package func set(_ slot: Int, _ number: Double) {
        setPlain(slot, ROOST_NUMBER) { $0.number = number }
    }

    package func set(_ slot: Int, _ flag: Bool) {
        setPlain(slot, flag ? ROOST_TRUE : ROOST_FALSE) { _ in }
    }

    package func set(_ slot: Int, _ object: LuaObject) {
        setPlain(slot, ROOST_OBJECT) {
            $0.kind = object.kind
            $0.object.a = object.a
            $0.object.b = object.b
        }
    }

    /// The host is asked for this field's value when a plugin reads it.
    package func setLazy(_ slot: Int) { setPlain(slot, ROOST_LAZY) { _ in } }

    func withPointer<R>(_ body: (UnsafePointer<roost_event>) -> R) -> R { body(&event) }

    private func setPlain(_ slot: Int, _ tag: Int, _ fill: (inout roost_field) -> Void) {
        freeString(slot)
        var field = roost_field()
        field.tag = UInt8(tag)
        fill(&field)
        fields[slot] = field
    }

    private func freeString(_ slot: Int) {
        if fields[slot].tag == UInt8(ROOST_STRING) { fields[slot].string.deallocate() }
    }
}
