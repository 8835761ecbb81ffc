import Foundation
import LoadBalancing

/// PowerDNS's remote backend: a line of JSON asks, a line of JSON answers.
///
/// Lines come from another process and may be anything: none of them stops the program.
struct RemoteBackend: Sendable {
    /// All records of a name for a client.
    let lookUp: @Sendable (_ name: String, _ client: NetworkPrefix?) -> [Record]

    /// What PowerDNS asks, as far as it matters here.
    private struct Query: Decodable {
        struct Parameters: Decodable {
            var qtype: String?
            var qname: String?
            /// The client's network if the query had one (EDNS client subnet), else the resolver's address.
            var realRemote: String?

            private enum CodingKeys: String, CodingKey {
                case qtype, qname
                case realRemote = "real-remote"
            }
        }

        let method: String
        var parameters: Parameters?
    }

    private struct Reply<Result: Encodable>: Encodable {
        let result: Result
        /// What PowerDNS writes into its log.
        var log: [String] = []
    }

    /// The answer to a line, without the end of the line.
    func reply(to line: some DataProtocol) -> Data {
        guard let query = try? JSONDecoder().decode(Query.self, from: Data(line)) else {
            return Self.encoded(Reply(result: false, log: ["not a query: \(line.count) bytes"]))
        }
        switch (query.method, query.parameters?.qname) {
        case ("initialize", _): return Self.encoded(Reply(result: true))
        case ("lookup", let name?):
            return reply(to: query.parameters?.qtype ?? "ANY", name, query.parameters?.realRemote)
        // Transfers, keys, updates: not here.
        default: return Self.encoded(Reply(result: false))
        }
    }

    private func reply(to type: String, _ name: String, _ remote: String?) -> Data {
        let network = remote.flatMap { NetworkPrefix($0) }
        let records = lookUp(name, network).filter { type == "ANY" || type == $0.type }
        // A network that cannot be read is as none.
        let isMalformed = remote != nil && network == nil
        return Self.encoded(Reply(result: records, log: isMalformed ? ["not a network: \(remote ?? "")"] : []))
    }

    private static func encoded(_ reply: some Encodable) -> Data {
        (try? JSONEncoder().encode(reply)) ?? Data(#"{"result":false}"#.utf8)
    }
}
