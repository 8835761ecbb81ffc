import Foundation

/// What a site is told by its file.
struct SiteFile: Decodable, Sendable {
    /// A server behind the site, which has the service's address on a loopback.
    struct Server: Decodable, Sendable {
        let name: String
        let address: String
    }

    /// Where BIRD listens, and its two protocols with the service's route.
    struct Bird: Decodable, Sendable {
        let socket: String
        let best: String
        let lastResort: String
    }

    /// Where packets come in, and go out to the servers.
    let interface: String
    /// The service's address, which all sites announce.
    let address: String
    let port: UInt16
    let backends: [Server]
    let bird: Bird
    let minimumHealth: Double
    let holdSeconds: Double
    let drainSeconds: Double

    static func read(_ path: String) throws -> SiteFile {
        try JSONDecoder().decode(SiteFile.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    }
}

/// What a site's file asks for and cannot be had.
struct SiteError: Error, CustomStringConvertible {
    let description: String
}
