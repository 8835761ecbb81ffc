import Foundation
import LoadBalancing

/// What a server has answered.
struct Page: Sendable, Equatable {
    var status: Int
    var body: String
}

/// What a visitor is answered.
struct Answer: Sendable {
    var page: Page
    /// The header that keeps the visitor with the server.
    var setCookie: String?
}

/// A service's way to its servers: finds the pool by what is asked for, and sends the work in the pool's manner.
struct ShopClient: Sendable {
    let routes: RouteTable<Pool>
    let affinity: SessionAffinity
    /// How often, for how long, and when twice at once.
    var rules = AttemptRules(attempts: 3, perTryTimeout: .seconds(5), hedgeDelay: .milliseconds(50))
    /// Sends a request: `URLSession`, or a test's own.
    let fetch: @Sendable (_ method: String, URL) async throws -> Page

    /// The methods whose requests may be sent twice (RFC 9110, section 9.2.2).
    private static let repeatable: Set<String> = ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]

    /// Answers a visitor, by whose name the part of a split is chosen, at a time in seconds of the wall clock.
    func answer(_ request: RouteRequest, visitor: String, now: UInt64) async throws -> Answer {
        guard let pool = routes.route(for: request)?.split.pool(for: XXH64.hash(visitor)) else {
            return Answer(page: Page(status: 404, body: "nobody serves \(request.host)\(request.target)"))
        }
        let mayRepeat = pool.manner != .once && Self.repeatable.contains(request.method)
        let rules = mayRepeat ? self.rules : AttemptRules(attempts: 1)
        switch pool.manner {
        case .once, .repeatable: return Answer(page: try await send(request, to: pool, rules))
        case .sticky: return try await sendBound(request, to: pool, rules, now: now)
        }
    }

    private func send(_ request: RouteRequest, to pool: Pool, _ rules: AttemptRules) async throws -> Page {
        let page = try await pool.balancer.withAttempts(rules) { [fetch] server in
            try await fetch(request.method, server.endpoint.appending(request.target))
        } judge: { result in
            switch result {
            case .success(let page) where page.status < 500: .success
            case .success, .failure: .failure(.allowed)
            }
        }
        return page
    }

    /// Sends work to the server that the visitor's cookie names, or to another if that fails.
    private func sendBound(
        _ request: RouteRequest, to pool: Pool, _ rules: AttemptRules, now: UInt64
    ) async throws -> Answer {
        let servers = OpaqueBackends(pool.balancer.snapshot().backends.map(\.id), sealer: affinity.sealer)
        // A cookie that is malformed, forged or too old is as none.
        let token = try? affinity.token(in: request.header("cookie"), pool: pool.name, at: now)?.get()
        var pick = PickRequest()
        while true {
            let session = try pool.balancer.lease(boundTo: token.flatMap { servers[$0] }, for: pick)
            let server = session.lease.backend
            pick.tried.insert(session.lease.slotID)
            let result: Result<Page, any Error>
            do {
                result = .success(try await fetch(request.method, server.endpoint.appending(request.target)))
            } catch {
                result = .failure(error)
            }
            let isWell = (try? result.get()).map { $0.status < 500 } ?? false
            session.finish(isWell ? .success : Task.isCancelled ? .cancelled : .failure)
            if !isWell, pick.tried.count < rules.attempts, !Task.isCancelled { continue }
            let cookie = try affinity.header(for: server.id, pool: pool.name, replacing: token, at: now)
            return Answer(page: try result.get(), setCookie: cookie)
        }
    }
}

extension URL {
    /// The address of a path with its query on a server.
    fileprivate func appending(_ target: String) throws -> URL {
        guard target.hasPrefix("/"), let url = URL(string: absoluteString + target) else { throw URLError(.badURL) }
        return url
    }
}
