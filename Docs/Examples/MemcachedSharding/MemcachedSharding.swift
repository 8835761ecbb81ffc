import Foundation

/// Shards keys over real memcached servers, and has libmemcached find every one of them.
@main
struct MemcachedSharding {
    static let usage = """
        Usage: MemcachedSharding --peer PROGRAM HOST:PORT HOST:PORT ...

        Stores keys on memcached servers by a ring that agrees with libmemcached's, and lets libmemcached look for each;
        then the other way round; with equal weights and with others; then with one server less. The servers are emptied,
        and the last of them is ended (memcached -A). The script beside this program starts servers and PROGRAM.

        Exit codes: 0 every key was where it should be, 1 one was not, or something failed, 2 wrong usage.
        """

    static let keyCount = 4000

    static func main() {
        let words = Array(CommandLine.arguments.dropFirst())
        if words.contains("--help") { return print(usage) }
        let servers = words.dropFirst(2).compactMap(Server.init)
        guard words.first == "--peer", servers.count == words.count - 2, servers.count >= 2 else {
            complain(usage)
            exit(2)
        }
        do {
            let results = try run(servers, PeerClient(path: words[1]))
            print(text(of: results))
            guard results.allSatisfy(\.isAsExpected) else {
                complain("not every key was where it should be")
                exit(1)
            }
        } catch {
            complain("\(error)")
            exit(1)
        }
    }

    private static func run(_ servers: [Server], _ peer: PeerClient) throws -> [Trial.Result] {
        var weighted = servers
        for position in servers.indices { weighted[position].weight = position + 1 }
        let equal = Trial(servers: servers, peer: peer, keyCount: keyCount)
        let uneven = Trial(servers: weighted, peer: peer, keyCount: keyCount)
        // With equal weights each server keeps its number of points when another goes, so no other key moves. With others
        // libmemcached rounds all numbers of points anew, and some keys move besides.
        return try equal.run("weights equal") + uneven.run("weights 1 to \(servers.count)")
            + equal.runWithout(servers.count - 1)
    }

    private static func text(of results: [Trial.Result]) -> String {
        let width = results.map(\.title.count).max() ?? 0
        func line(_ title: String, _ cells: [String]) -> String {
            let fill = String(repeating: " ", count: width - title.count)
            return title + fill + cells.map { String(repeating: " ", count: max(1, 13 - $0.count)) + $0 }.joined()
        }
        let lines = results.map { result in
            line(result.title, ["\(result.keys)", "\(result.found)", result.isAsExpected ? "yes" : "no"])
        }
        return ([line(String(repeating: " ", count: width), ["keys", "found", "as expected"])] + lines)
            .joined(separator: "\n")
    }

    private static func complain(_ message: String) {
        FileHandle.standardError.write(Data("\(message)\n".utf8))
    }
}
