import LoadBalancing

/// Sessions that stay with their server, by a cookie that nobody can read or write.
struct WorldSessions {
    let affinity: SessionAffinity
    let balancer: LoadBalancer<String>

    init(balancer: LoadBalancer<String>, secret: SipKey) throws {
        let sealer = try TokenSealer(
            service: "shop", key: .sipHash(id: "2026-11", key: secret), opaqueKey: SipKey(7, 11))
        affinity = SessionAffinity(
            sealer: sealer, cookie: try StickyCookie(name: "shop-lb"),
            lifetime: SessionLifetime(maximumIdle: .seconds(1_800), maximumLife: .seconds(86_400)))
        self.balancer = balancer
    }

    /// Answers a request; gives the body, and the `Set-Cookie` header if there is to be one.
    func answer(cookies: String?, client: Client, now: UInt64) async throws -> (body: String, setCookie: String?) {
        let ids = OpaqueBackends(balancer.snapshot().backends.map(\.id), sealer: affinity.sealer)
        let token = try? affinity.token(in: cookies, pool: "web", at: now)?.get()
        let lease = try balancer.lease(boundTo: token.flatMap { ids[$0] })
        let page = try await client.get("http://\(lease.endpoint)/")
        let header = try affinity.header(for: lease.id, pool: "web", replacing: token, at: now)
        lease.finish()
        return (page.body, header)
    }
}
