import Foundation
import LoadBalancing

/// One line of the table: what became of the visitors without a feature and with it.
struct Finding: Sendable {
    let title: String
    var without = ""
    let with: String
    let isAsExpected: Bool
}

/// Visitors of a shop with three servers, which come to harm in the meantime.
struct Trial: Sendable {
    let servers: [Server]
    private let web = WebSession()

    init(servers: [Server]) {
        self.servers = servers
    }

    /// All of it, one after another; only the first server is alive afterwards.
    func run() async throws -> [Finding] {
        try await routes() + hedges() + sessions() + retries()
    }

    /// A client that has sent nothing yet.
    private func client() throws -> ShopClient {
        let secret = SipKey(.random(in: .min ... .max), .random(in: .min ... .max))
        let sealer = try TokenSealer(
            service: "shop", key: .sipHash(id: "2026-11", key: secret), opaqueKey: SipKey(7, 11))
        return ShopClient(
            routes: try .shop(servers.map(\.backend), seed: 1),
            affinity: SessionAffinity(sealer: sealer, cookie: try StickyCookie(name: "shop-lb")),
            fetch: { [web] method, url in try await web.fetch(method, url) })
    }

    /// Who answers depends on what is asked for.
    private func routes() async throws -> [Finding] {
        let client = try client()
        var orderServers: Set<String> = []
        for number in 0..<20 {
            let order = RouteRequest(method: "POST", host: "shop.test", target: "/orders")
            orderServers.insert(try await client.answer(order, visitor: "\(number)", now: 0).page.body)
        }
        let new = RouteRequest(host: "shop.test", target: "/new/hats?page=2")
        let split = client.routes.route(for: new)?.split
        let canary = (0..<200).map { "visitor \($0)" }.filter { split?.pool(for: XXH64.hash($0))?.name == "next" }
        var canaryServers: Set<String> = []
        for visitor in canary {
            canaryServers.insert(try await client.answer(new, visitor: visitor, now: 0).page.body)
        }
        let stranger = try await client.answer(RouteRequest(host: "example.org"), visitor: "", now: 0).page.status
        let expected = servers.map(\.name)
        return [
            Finding(
                title: "routes: POST /orders is for the first two servers",
                with: orderServers.sorted().joined(separator: " "),
                isAsExpected: orderServers.sorted() == expected.dropLast().sorted()),
            Finding(
                title: "routes: the canary, a tenth of /new, is for the last", with: "\(canary.count) of 200",
                isAsExpected: 8...34 ~= canary.count && canaryServers == Set(expected.suffix(1))),
            Finding(
                title: "routes: a host that nobody serves", with: "status \(stranger)", isAsExpected: stranger == 404),
        ]
    }

    /// The last server becomes slow while requests go on.
    private func hedges() async throws -> [Finding] {
        let slow = servers[servers.count - 1]
        func visits(_ client: ShopClient) async -> [Visit] {
            let visits = await Load().run(fault: { slow.slowDown() }) { number in
                try await client.answer(RouteRequest(host: "shop.test"), visitor: "\(number)", now: 0).page
            }
            slow.speedUp()
            return visits
        }
        var patient = try client()
        patient.rules.hedgeDelay = nil
        let hedging = try client()
        let (before, after) = (await visits(patient), await visits(hedging))
        let request = RouteRequest(host: "shop.test")
        let pool = hedging.routes.route(for: request)?.split.parts.first?.pool.balancer.snapshot()
        let losers = pool?.backends.first { $0.id == slow.name }
        func milliseconds(_ visits: [Visit]) -> String { "\(Int(visits.latency(at: 0.9) / .milliseconds(1))) ms" }
        return [
            Finding(
                title: "hedges: \(slow.name) takes 800 ms; 90 % of requests take up to", without: milliseconds(before),
                with: milliseconds(after),
                isAsExpected: after.latency(at: 0.9) < .milliseconds(400)
                    && before.latency(at: 0.9) > .milliseconds(700)),
            Finding(
                title: "hedges: requests without an answer", without: "\(before.failureCount)",
                with: "\(after.failureCount)",
                isAsExpected: before.failureCount + after.failureCount == 0),
            Finding(
                title: "hedges: what \(slow.name) was too late for, cancelled / failed",
                with: "\(losers?.cancellations ?? 0) / \(losers?.failures ?? 0)",
                isAsExpected: losers.map { $0.cancellations > 0 && $0.failures == 0 } ?? false),
        ]
    }

    /// The last server is killed while visitors fill their carts there.
    private func sessions() async throws -> [Finding] {
        let killed = servers[servers.count - 1]
        let browsers = Browsers(client: try client())
        for visitor in 0..<30 { _ = try await browsers.visit(visitor) }
        let homes = await browsers.homes
        let visits = await Load(requestCount: 240).run(fault: { killed.end() }) { number in
            try await browsers.visit(number % 30)
        }
        let later = await browsers.homes
        let moved = homes.keys.filter { homes[$0] != later[$0] }
        let bound = homes.values.count { $0 == killed.name }
        let strays = moved.count { homes[$0] != killed.name }
        let forged = try await browsers.visitWithForgedCookie()
        return [
            Finding(
                title: "affinity: \(killed.name) is killed; requests without an answer", with: "\(visits.failureCount)",
                isAsExpected: visits.failureCount == 0),
            Finding(
                title: "affinity: visitors that moved, of \(bound) of \(killed.name) and of \(30 - bound) others",
                with: "\(moved.count - strays) and \(strays)",
                isAsExpected: bound > 0 && moved.count == bound && strays == 0),
            Finding(
                title: "affinity: visits elsewhere than the cookie said", with: "\(await browsers.strayCount)",
                isAsExpected: await browsers.strayCount == 0),
            Finding(
                title: "affinity: a forged cookie gets", with: forged ? "an answer and a new one" : "no new one",
                isAsExpected: forged),
        ]
    }

    /// One server is dead, and another is killed while requests go on.
    private func retries() async throws -> [Finding] {
        let killed = servers[servers.count - 2]
        var once = try client()
        once.rules = AttemptRules(attempts: 1)
        var persistent = try client()
        persistent.rules.hedgeDelay = nil
        func visits(_ client: ShopClient, fault: @escaping @Sendable () -> Void) async -> [Visit] {
            await Load().run(fault: fault) { number in
                try await client.answer(RouteRequest(host: "shop.test"), visitor: "\(number)", now: 0).page
            }
        }
        let before = await visits(once) {}
        let after = await visits(persistent) { killed.end() }
        return [
            Finding(
                title: "retries: a server is dead, then a second; requests without an answer",
                without: "\(before.failureCount) of \(before.count)", with: "\(after.failureCount) of \(after.count)",
                isAsExpected: before.failureCount > 0 && after.failureCount == 0)
        ]
    }
}
