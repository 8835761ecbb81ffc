/// A memcached server: where it is, and its share of the keys.
struct Server {
    let host: String
    let port: UInt16
    var weight = 1

    /// The name that clients hash.
    var name: String { "\(host):\(port)" }

    /// Reads `HOST:PORT`; `nil` for anything else.
    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]), port > 0 else {
            return nil
        }
        host = String(text[..<colon])
        self.port = port
    }
}
