import Foundation
import LoadBalancing
import Synchronization
import Testing

@testable import HTTPClient

/// The way of requests to servers that exist only here.
@Suite struct ShopClientTests {
    /// Servers that answer with their names, or with what a test says.
    private final class Servers: Sendable {
        private let asked = Mutex<[String]>([])
        private let faults: Mutex<[String: Page?]>

        init(faults: [String: Page?] = [:]) {
            self.faults = Mutex(faults)
        }

        var requests: [String] { asked.withLock { $0 } }

        func fail(_ name: String) { faults.withLock { $0[name] = .some(nil) } }

        func fetch(_ method: String, _ url: URL) throws -> Page {
            asked.withLock { $0.append("\(method) \(url.absoluteString)") }
            let name = url.host() ?? ""
            guard let fault = faults.withLock({ $0[name] }) else { return Page(status: 200, body: name) }
            guard let page = fault else { throw URLError(.cannotConnectToHost) }
            return page
        }
    }

    private static let names = ["a", "b", "c"]

    private static func client(_ servers: Servers, attempts: Int = 3) throws -> ShopClient {
        let backends = try names.map { Backend(id: $0, endpoint: try #require(URL(string: "http://\($0)"))) }
        let sealer = try TokenSealer(
            service: "shop", key: .sipHash(id: "k", key: SipKey(1, 2)), opaqueKey: SipKey(3, 4))
        return ShopClient(
            routes: try .shop(backends, seed: 1),
            affinity: SessionAffinity(sealer: sealer, cookie: try StickyCookie(name: "shop-lb")),
            rules: AttemptRules(attempts: attempts, backoff: Backoff(base: .zero)),
            fetch: { try servers.fetch($0, $1) })
    }

    private static func cart(_ cookie: String?) -> RouteRequest {
        RouteRequest(host: "shop.test", target: "/cart", headers: cookie.map { ["Cookie": $0] } ?? [:])
    }

    @Test(arguments: [
        (method: "GET", host: "shop.test", target: "/", asked: ["GET /"]),
        ("GET", "SHOP.test:80", "/x?y=%2F", ["GET /x?y=%2F"]),
        ("POST", "shop.test", "/orders", ["POST /orders"]),
        ("GET", "example.org", "/", []), ("GET", "", "/", []),
    ])
    func goesWhereTheRouteSays(method: String, host: String, target: String, asked: [String]) async throws {
        let servers = Servers()
        let request = RouteRequest(method: method, host: host, target: target)
        let answer = try await Self.client(servers).answer(request, visitor: "v", now: 0)
        let paths = servers.requests.map { request in
            Self.names.reduce(request) { $0.replacingOccurrences(of: "http://\($1)/", with: "/") }
        }
        #expect(paths == asked)
        #expect(answer.page.status == (asked.isEmpty ? 404 : 200))
    }

    @Test func whatFailsIsAskedOfAnother() async throws {
        let servers = Servers(faults: ["a": nil, "b": Page(status: 503, body: "")])
        let client = try Self.client(servers)
        for _ in 0..<3 {
            let answer = try await client.answer(RouteRequest(host: "shop.test"), visitor: "v", now: 0)
            #expect(answer.page == Page(status: 200, body: "c"))
        }
        #expect(Set(servers.requests) == ["GET http://a/", "GET http://b/", "GET http://c/"])
    }

    @Test func noServerIsAskedTwice() async throws {
        let servers = Servers(faults: ["a": nil, "b": nil, "c": nil])
        await #expect(throws: URLError.self) {
            _ = try await Self.client(servers, attempts: 9).answer(
                RouteRequest(host: "shop.test"), visitor: "v", now: 0)
        }
        #expect(servers.requests.sorted() == ["GET http://a/", "GET http://b/", "GET http://c/"])
    }

    @Test(arguments: ["/orders", "/", "/new/hats", "/cart"])
    func whatIsPostedIsSentOnce(target: String) async throws {
        let servers = Servers(faults: ["a": nil, "b": nil, "c": nil])
        let order = RouteRequest(method: "POST", host: "shop.test", target: target)
        await #expect(throws: URLError.self) {
            _ = try await Self.client(servers).answer(order, visitor: "v", now: 0)
        }
        #expect(servers.requests.count == 1)
    }

    @Test func visitorsStayAndMoveOnceWhenTheirServerFails() async throws {
        let servers = Servers()
        let client = try Self.client(servers)
        let first = try await client.answer(Self.cart(nil), visitor: "v", now: 100)
        var cookie = try #require(first.setCookie).prefix { $0 != ";" }
        for _ in 0..<5 {
            let next = try await client.answer(Self.cart(String(cookie)), visitor: "v", now: 200)
            #expect(next.page == first.page && next.setCookie == nil)
        }
        servers.fail(first.page.body)
        let moved = try await client.answer(Self.cart(String(cookie)), visitor: "v", now: 300)
        #expect(moved.page.status == 200 && moved.page.body != first.page.body)
        cookie = try #require(moved.setCookie).prefix { $0 != ";" }
        for _ in 0..<5 {
            let next = try await client.answer(Self.cart(String(cookie)), visitor: "v", now: 400)
            #expect(next.page == moved.page && next.setCookie == nil)
        }
    }

    @Test(arguments: [
        "shop-lb=", "shop-lb", "shop-lb=v1", "shop-lb=v1.k.AAAA.AAAA", "other=1", ";;;=;", "shop-lb=\u{0}é",
        "shop-lb=" + String(repeating: "A", count: 100_000),
    ])
    func malformedCookiesAreAsNone(cookie: String) async throws {
        let answer = try await Self.client(Servers()).answer(Self.cart(cookie), visitor: "v", now: 100)
        #expect(answer.page.status == 200)
        #expect(answer.setCookie != nil)
    }

    @Test(arguments: ["", "cart", "http://elsewhere/", "*"])
    func targetsThatAreNoPathsReachNoServer(target: String) async throws {
        let servers = Servers()
        let request = RouteRequest(host: "shop.test", target: target)
        let answer = try? await Self.client(servers).answer(request, visitor: "v", now: 0)
        #expect(answer.map { $0.page.status == 404 } ?? true)
        #expect(servers.requests.isEmpty)
    }

    @Test(arguments: [
        (text: "a:8080:1234", name: "a"), ("a:8080", nil), (":8080:1234", nil), ("a:0:1234", nil),
        ("a:65536:1234", nil),
        ("a:8080:1", nil), ("a:8080:-5", nil), ("a:8080:x", nil), ("a:8080:12:3", nil), ("", nil),
    ])
    func serversAreRead(text: String, name: String?) {
        #expect(Server(text)?.name == name)
    }
}
