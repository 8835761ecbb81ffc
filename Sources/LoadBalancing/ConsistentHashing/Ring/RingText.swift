/// What a dialect hashes for a backend of a name.
enum RingText: Hashable, Sendable {
    /// The name as it stands.
    case name
    /// `HOST:PORT`, `HOST` for port 11211 or none, `PATH:0` for a Unix socket.
    case libmemcached
    /// `/HOST:PORT`, the port always.
    case libmemcachedSpy
    /// `HOST/IP:PORT` or `IP:PORT`, without a slash in front.
    case socketAddress
    /// `HOST`, a zero byte, `PORT`.
    case nginx
    /// The IP address, a zero byte, the port.
    case ipAddress

    /// The bytes that stand for `name`.
    func bytes(of name: String) throws(HashTableError) -> [UInt8] {
        let bytes = Array(name.utf8)
        switch self {
        case .name: return bytes
        case .libmemcached:
            if bytes.first == UInt8(ascii: "/") { return bytes + Array(":0".utf8) }
            guard let port = bytes.port, bytes[port...].elementsEqual(":11211".utf8) else { return bytes }
            return Array(bytes[..<port])
        case .libmemcachedSpy:
            let port = bytes.first == UInt8(ascii: "/") ? ":0" : bytes.port == nil ? ":11211" : ""
            return [UInt8(ascii: "/")] + bytes + Array(port.utf8)
        case .socketAddress:
            guard let port = bytes.port, port + 1 < bytes.count else {
                throw HashTableError(
                    .unreadableName(expected: "a socket address as Java writes it, such as 10.0.0.1:11211"), name: name)
            }
            return bytes.first == UInt8(ascii: "/") ? Array(bytes.dropFirst()) : bytes
        case .nginx:
            if bytes.prefix(5).map({ $0 | 0x20 }).elementsEqual("unix:".utf8) { return bytes.dropFirst(5) + [0] }
            guard let port = bytes.port else { return bytes + [0] }
            return bytes[..<port] + [0] + bytes[(port + 1)...]
        case .ipAddress:
            let address = try Self.address(name)
            return Array(address.host.utf8) + [0] + Array(String(address.port).utf8)
        }
    }

    /// The socket address a name is.
    static func address(_ name: String) throws(HashTableError) -> SocketAddressText {
        guard let address = SocketAddressText(name) else {
            throw HashTableError(
                .unreadableName(expected: "an IP address and a port, such as 10.0.0.1:443 or [::1]:443"), name: name)
        }
        return address
    }
}

extension [UInt8] {
    /// Where the colon stands that has nothing but digits behind it.
    fileprivate var port: Int? {
        guard let end = lastIndex(where: { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            self[end] == UInt8(ascii: ":")
        else { return nil }
        return end
    }
}
