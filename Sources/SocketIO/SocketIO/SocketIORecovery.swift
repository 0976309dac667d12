/// What a client that was here before says in its `auth`, to get what it missed.
///
/// Source: connection state recovery of the reference implementation (`socket.ts`): the server gave the `pid` in its CONNECT and an
/// offset as the last argument of events; the client gives both back. Whoever answers the CONNECT looks them up, accepts the
/// client with the `sid` and `pid` it had, and sends it the events after the offset, with their offsets.
package struct SocketIORecovery: Sendable, Equatable {
    package let pid: String
    package let offset: String

    package init?(auth: [String: SocketIOValue]) {
        guard let pid = auth["pid"]?.string, let offset = auth["offset"]?.string else { return nil }
        self.pid = pid
        self.offset = offset
    }
}
