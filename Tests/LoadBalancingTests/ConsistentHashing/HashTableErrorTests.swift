import Testing

@testable import LoadBalancing

@Suite struct HashTableErrorTests {
    static func error(_ backends: [(String, Int)], _ dialect: RingDialect) -> HashTableError? {
        do throws(HashTableError) {
            _ = try HashRing(backends.map { WeightedName($0.0, weight: $0.1) }, dialect: dialect)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        arguments: [
            (
                [("a", 1), ("b", 1), ("a", 2)], .standard, .duplicateName, "a",
                "backend \"a\" stands twice in the set; give every backend a name of its own"
            ),
            (
                [("a", 0), ("a", 0)], .standard, .duplicateName, "a",
                "backend \"a\" stands twice in the set; give every backend a name of its own"
            ),
            (
                [("a", 1), ("b", -1)], .nginx, .weightOutOfRange(-1, maximum: 1 << 31), "b",
                "backend \"b\" has weight -1; weights go from 0 to 2147483648"
            ),
            (
                [("a", 1 << 31 + 1)], .standard, .weightOutOfRange(1 << 31 + 1, maximum: 1 << 31), "a",
                "backend \"a\" has weight 2147483649; weights go from 0 to 2147483648"
            ),
            (
                [("a", 256), ("b", 257)], .haproxy(), .weightOutOfRange(257, maximum: 256), "b",
                "backend \"b\" has weight 257; weights go from 0 to 256"
            ),
            (
                [("a:11211", 1), ("a", 1)], .libmemcachedWeighted, .sameText(as: "a:11211"), "a",
                "backend \"a\" and \"a:11211\" are one and the same to this dialect; keep one of them or change its name"
            ),
            (
                [("10.0.0.1:80", 1), ("10.0.0.2", 1)], .pingora,
                .unreadableName(expected: "an IP address and a port, such as 10.0.0.1:443 or [::1]:443"), "10.0.0.2",
                """
                backend "10.0.0.2" has a name this dialect cannot read; it expects an IP address and a port, such as \
                10.0.0.1:443 or [::1]:443
                """
            ),
            (
                [("a", 1 << 31)], .nginx, .tooManyPoints(maximum: 1 << 26), nil,
                "the ring would have more than 67108864 points; divide all weights by a common factor"
            ),
        ] as [([(String, Int)], RingDialect, HashTableError.Reason, String?, String)])
    func saysWhatIsWrongAndWhatToDo(
        set: [(String, Int)], dialect: RingDialect, reason: HashTableError.Reason, name: String?, text: String
    ) {
        let error = Self.error(set, dialect)
        #expect(error?.reason == reason)
        #expect(error?.name == name)
        #expect(error?.description == text)
    }

    @Test func aSetTooLargeHasNoBackendToBlame() {
        let error = HashTableError(.tooManyBackends(20_000_000, maximum: 1 << 24), name: nil)
        #expect(error.description == "the set has 20000000 backends; at most 16777216 are possible")
    }

    /// What a dialect cannot take is refused before memory is asked for.
    @Test(arguments: RingDialect.named)
    func hugeWeightsAreRefusedOrFit(dialect: RingDialect) {
        let error = Self.error((1...9).map { ("10.0.0.\($0):80", 1 << 31 - $0) }, dialect)
        switch error?.reason {
        case nil, .tooManyPoints, .weightOutOfRange: break
        default: Issue.record("\(dialect.name): \(error.map(String.init(describing:)) ?? "")")
        }
    }
}
