import LoadBalancing

/// Visitors with their cookies.
actor Browsers {
    private let client: ShopClient
    private var cookies: [Int: String] = [:]
    /// Where each visitor was last.
    private(set) var homes: [Int: String] = [:]
    /// Visits to another server than the visitor's, though the answer set no other cookie.
    private(set) var strayCount = 0

    init(client: ShopClient) {
        self.client = client
    }

    /// A visitor looks into the cart.
    func visit(_ visitor: Int) async throws -> Page {
        let answer = try await client.answer(Self.request(cookies[visitor]), visitor: "\(visitor)", now: 1_000)
        if let header = answer.setCookie {
            cookies[visitor] = String(header.prefix { $0 != ";" })
        } else if answer.page.body != homes[visitor] {
            strayCount += 1
        }
        homes[visitor] = answer.page.body
        return answer.page
    }

    /// Whether a cookie that was tampered with is as none.
    func visitWithForgedCookie() async throws -> Bool {
        let forged = cookies.values.first.map { $0.dropLast() + ($0.hasSuffix("A") ? "B" : "A") } ?? ""
        let answer = try await client.answer(Self.request(String(forged)), visitor: "", now: 1_000)
        return answer.page.status == 200 && answer.setCookie != nil
    }

    private static func request(_ cookie: String?) -> RouteRequest {
        RouteRequest(host: "shop.test", target: "/cart", headers: cookie.map { ["Cookie": $0] } ?? [:])
    }
}
