import Testing

@testable import LoadBalancing

@Suite struct TopologyTokenTests {
    private static let now: UInt64 = 1_800_000_000
    private static let old = TokenKey.sipHash(id: "k1", key: SipKey(1, 2))
    private static let new = TokenKey.sipHash(id: "k2", key: SipKey(3, 4))

    private static func sealer(
        _ key: TokenKey = old, previous: TokenKey? = nil, service: String = "shop"
    ) throws -> TokenSealer {
        try TokenSealer(service: service, key: key, previous: previous, opaqueKey: SipKey(5, 6))
    }

    private static func token(_ sealer: TokenSealer, first: UInt64 = now, last: UInt64 = now) -> SessionToken {
        SessionToken(
            pool: "web", backend: sealer.opaqueID(of: "10.0.0.1:80"), firstUse: first, lastUse: last, generation: 7)
    }

    @Test func aTokenComesBackAsItWas() throws {
        let sealer = try Self.sealer()
        let token = Self.token(sealer)
        let text = try sealer.seal(token)
        #expect(text.hasPrefix("v1.k1."))
        #expect(!text.contains("10.0.0.1"))
        #expect(try sealer.open(text) == token)
        let long = SessionToken(
            pool: String(repeating: "p", count: 64), backend: .max, firstUse: .max, lastUse: .max, generation: .max)
        let hmac = TokenKey(id: String(repeating: "k", count: 16)) { _ in Array(repeating: 7, count: 64) }
        let longest = try TokenSealer(service: "s", key: hmac, opaqueKey: SipKey(0, 0))
        let longText = try longest.seal(long)
        #expect(longText.utf8.count <= TokenSealer.longestToken)
        #expect(try longest.open(longText) == long)
    }

    @Test func keysRotate() throws {
        let text = try Self.sealer().seal(Self.token(Self.sealer()))
        let rotated = try Self.sealer(Self.new, previous: Self.old)
        #expect(try rotated.open(text) == Self.token(Self.sealer()))
        #expect(try rotated.seal(Self.token(rotated)).hasPrefix("v1.k2."))
        #expect(throws: TokenFault.unknownKey) { try Self.sealer(Self.new).open(text) }
        #expect(throws: TokenFault.forged) { try Self.sealer(service: "bank").open(text) }
        #expect(throws: TopologyError.self) { try Self.sealer(Self.old, previous: Self.old) }
        #expect(throws: TopologyError.self) {
            try Self.sealer(TokenKey(id: "short") { _ in Array(repeating: 0, count: 15) })
        }
        #expect(throws: TopologyError.self) { try Self.sealer(.sipHash(id: "a.b", key: SipKey(0, 0))) }
    }

    /// No single character can be changed, left out or put in.
    @Test func everyChangeIsNoticed() throws {
        let sealer = try Self.sealer()
        let text = Array(try sealer.seal(Self.token(sealer)).utf8)
        for index in text.indices {
            for byte in "A_.1~".utf8 where byte != text[index] {
                var changed = text
                changed[index] = byte
                #expect(throws: TokenFault.self) { try sealer.open(String(decoding: changed, as: UTF8.self)) }
                changed = text
                changed.insert(byte, at: index)
                #expect(throws: TokenFault.self) { try sealer.open(String(decoding: changed, as: UTF8.self)) }
            }
            var changed = text
            changed.remove(at: index)
            #expect(throws: TokenFault.self) { try sealer.open(String(decoding: changed, as: UTF8.self)) }
        }
    }

    @Test(arguments: 0..<500 as Range<UInt64>)
    func noiseIsNoToken(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let alphabet = Array("v1.k1.AAAA..-_=%\u{0}é".unicodeScalars)
        let noise = (0..<Int(random.next(below: 300))).map { _ in
            Character(alphabet[Int(random.next(below: UInt64(alphabet.count)))])
        }
        #expect(throws: TokenFault.self) { try Self.sealer().open("v1.k1." + String(noise)) }
    }

    @Test(arguments: [
        (first: 0 as Int64, last: 0 as Int64, fault: nil as TokenFault?), (-100, -59, nil), (-100, -61, .idleTooLong),
        (-601, -1, .livedTooLong), (86_400, 86_400, nil), (86_401, 86_401, .fromTheFuture), (10, 5, .fromTheFuture),
    ])
    func lifetimes(first: Int64, last: Int64, fault: TokenFault?) throws {
        let lifetime = SessionLifetime(maximumIdle: .seconds(60), maximumLife: .seconds(600), minimumGeneration: 7)
        let token = SessionToken(
            pool: "", backend: 0, firstUse: UInt64(Int64(Self.now) + first), lastUse: UInt64(Int64(Self.now) + last),
            generation: 7)
        #expect(lifetime.fault(of: token, at: Self.now) == fault)
        var older = token
        older.generation = 6
        if fault == nil { #expect(lifetime.fault(of: older, at: Self.now) == .oldGeneration) }
    }

    @Test(arguments: [
        (idle: 100 as Int?, refresh: nil as Int?, due: 50 as UInt64?), (100, 0, 0), (100, 10, 10), (100, -5, 0),
        (nil, nil, nil),
        (nil, 10, nil),
    ])
    func tokensAreWrittenAnewInTime(idle: Int?, refresh: Int?, due: UInt64?) {
        let lifetime = SessionLifetime(
            maximumIdle: idle.map { .seconds($0) }, refreshInterval: refresh.map { .seconds($0) })
        let token = SessionToken(pool: "", backend: 0, firstUse: Self.now, lastUse: Self.now, generation: 0)
        let first = (0...200 as ClosedRange<UInt64>).first { lifetime.isDueForRefresh(token, at: Self.now + $0) }
        #expect(first == due)
    }

    @Test func cookies() throws {
        let cookie = try StickyCookie(name: "lb", domain: "example.com")
        #expect(
            cookie.header(setting: "x", maximumAge: 60)
                == "lb=x; Path=/; Domain=example.com; Max-Age=60; HttpOnly; Secure; SameSite=Lax")
        #expect(cookie.value(in: "a=b; lb=x.y; lb=z") == "x.y")
        #expect(cookie.value(in: "a=lb; xlb=1;lb") == "")
        #expect(cookie.value(in: "a=lb") == nil)
        #expect(cookie.removed(from: "a=b; lb=x;c=d") == "a=b; c=d")
        #expect(cookie.removed(from: "lb=x") == nil)
        #expect(cookie.isSet(by: "lb=own; Path=/") && !cookie.isSet(by: "xlb=1"))
        #expect(throws: TopologyError.self) { try StickyCookie(name: "a;b") }
        #expect(throws: TopologyError.self) { try StickyCookie(name: "a", path: "/\r\nSet-Cookie: x") }
        #expect(cookie.headerRemoving.contains("Max-Age=0"))
    }

    @Test func aSessionFromItsFirstRequestToItsLast() throws {
        let affinity = SessionAffinity(
            sealer: try Self.sealer(), cookie: try StickyCookie(name: "lb"),
            lifetime: SessionLifetime(maximumIdle: .seconds(100), maximumLife: .seconds(150)))
        let ids = OpaqueBackends(["a", "b"], sealer: affinity.sealer)
        func cookie(_ header: String) -> String { String(header.prefix { $0 != ";" }) }
        func read(_ header: String?, _ at: UInt64) -> Result<SessionToken, TokenFault>? {
            affinity.token(in: header, pool: "web", at: at)
        }
        #expect(read(nil, Self.now) == nil)
        let first = try #require(try affinity.header(for: "a", pool: "web", replacing: nil, at: Self.now))
        #expect(first.contains("Max-Age=100"))
        let token = try read(cookie(first), Self.now + 10)?.get()
        #expect(token.flatMap { ids[$0] } == "a")
        // Young enough to be left alone; then refreshed, with as much time as its life has left; then over.
        #expect(try affinity.header(for: "a", pool: "web", replacing: token, at: Self.now + 49) == nil)
        let second = try #require(try affinity.header(for: "a", pool: "web", replacing: token, at: Self.now + 60))
        #expect(second.contains("Max-Age=90"))
        #expect(read(cookie(second), Self.now + 151) == .failure(.livedTooLong))
        #expect(affinity.token(in: cookie(second), pool: "other", at: Self.now + 60) == .failure(.otherPool))
        // Bound anew, a session begins anew; a server's own cookie stands if it is to be preserved.
        #expect(try affinity.header(for: "b", pool: "web", replacing: token, at: Self.now + 60) != nil)
        var preserving = affinity
        preserving.cookie.isPreserved = true
        #expect(try preserving.header(for: "b", pool: "web", replacing: nil, at: Self.now, answer: ["lb=mine"]) == nil)
    }
}
