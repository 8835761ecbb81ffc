import Testing

@testable import LoadBalancing

/// Whole tables, slot by slot, of those whose programs have published some.
@Suite struct MaglevDialectTests {
    /// The paper's pseudocode on the backends of dgryski/go-maglev's test, whose hashes are SipHash-2-4 under its key.
    @Test(arguments: [
        (dead: nil, owners: [1, 2, 0, 2, 0, 1, 0]),
        (dead: 1, owners: [0, 2, 0, 2, 0, 2, 0]),
    ])
    func thePapersTable(dead: Int?, owners: [Int]) throws {
        let names = (0..<3).map { "backend-\($0)" }
        let table = try MaglevTable(
            names.enumerated().map { WeightedName($1, weight: $0 == dead ? 0 : 1) },
            hashes: names.map { SipHash24.hash($0, seed: SipKey(0xDEAD_BEEF_CAFE_BABE, 0)) }, dialect: .paper(size: 7))
        #expect(table.owners == owners)
    }

    /// envoyproxy/envoy, `maglev_lb_test.cc`: addresses, host names, and weights; the last octets or names are given.
    @Test(arguments: [
        (prefix: "127.0.0.1:", weights: [1, 1, 1, 1, 1, 1], owners: [92, 94, 90, 91, 95, 90, 93]),
        (prefix: "", weights: [1, 1, 1, 1, 1, 1], owners: [92, 95, 90, 93, 94, 91, 90]),
        (
            prefix: "127.0.0.1:", weights: [1, 2],
            owners: [91, 90, 90, 91, 90, 91, 91, 90, 91, 91, 91, 91, 91, 90, 91, 90, 91]
        ),
    ])
    func envoysTables(prefix: String, weights: [Int], owners: [Int]) throws {
        let table = try MaglevTable(
            weights.enumerated().map { WeightedName("\(prefix)\(90 + $0)", weight: $1) },
            dialect: .envoy(size: owners.count))
        #expect(table.owners.map { 90 + $0 } == owners)
    }

    /// The endpoints of facebookincubator/katran's `MaglevHashTests.cpp`, which counts their slots; slot by slot, and
    /// for the second pair, by a model of its loop in Python.
    @Test(arguments: [
        (
            version: MaglevDialect.KatranVersion.v1, weights: [2, 1], hashes: [1_000, 2_000],
            owners: [1, 1, 0, 1, 0, 0, 0]
        ),
        (.v2, [2, 1], [1_000, 2_000], [1, 0, 0, 1, 0, 0, 0]),
        (.v2, [1, 2], [111, 222], [1, 1, 0, 1, 1, 1, 1, 0, 0, 1, 0]),
    ])
    func katransTables(
        version: MaglevDialect.KatranVersion, weights: [Int], hashes: [UInt64], owners: [Int]
    ) throws {
        let table = try MaglevTable(
            WeightedName.servers(weights), hashes: hashes, dialect: .katran(version, size: owners.count))
        #expect(table.owners == owners)
    }

    /// Above 65,537 slots Katran's 32 bits overflow: the MD5 of the owners as 32-bit words of a model of its loop in
    /// Python, which agrees with the vectors `katran-maglev.json` for their sizes.
    @Test(arguments: [
        (version: MaglevDialect.KatranVersion.v1, size: 131_071, digest: "5727335270484098b1c2384a3577672b"),
        (.v2, 655_373, "9352b9bebbcab0eca03e394d10e03299"),
    ])
    func katransLargeTables(version: MaglevDialect.KatranVersion, size: Int, digest: String) throws {
        let hashes: [UInt64] = [
            0xC2B3_F66D_64A6_4CF8, 0xAF8D_9552_3BEC_CAA2, 0xF6A7_80D3_EE4F_9B3D, 0x576D_6177_69CB_CFF1,
            0x18E0_8F6A_4ADF_C1A6,
        ]
        let table = try MaglevTable(
            WeightedName.servers([1, 2, 3, 5, 8]), hashes: hashes, dialect: .katran(version, size: size))
        let bytes = table.owners.flatMap { owner -> [UInt8] in [UInt8(truncatingIfNeeded: owner), 0, 0, 0] }
        let got = Bytes.hexadecimal(MD5.hash(bytes))
        #expect(got == digest)
    }

    /// A walk by a multiple of 2¹⁶ overflows to the same 2¹⁶ places again, of 131,071.
    @Test func aLoopThatDoesNotEndIsNotBegun() throws {
        let players = [
            MaglevFilling.Player(backend: 0, offset: 0, skip: 65_536), .init(backend: 1, offset: 5, skip: 65_536),
        ]
        #expect(throws: MaglevTableError(.neverFilled(slots: 131_071))) {
            try KatranFilling.owners(size: 131_071, players: players, turns: KatranTurnsV2(weights: [1, 1]))
        }
        let one = try KatranFilling.owners(
            size: 131_071, players: [players[0]], turns: KatranTurnsV2(weights: [1]))
        #expect(one == Array(repeating: 0, count: 131_071), "one endpoint does not walk")
    }

    /// cilium/cilium, `pkg/maglev/maglev_test.go`: the slots of four backends by weight.
    @Test func ciliumsSlotsByWeight() throws {
        let table = try MaglevTable(
            [("one", 2), ("three", 13), ("two", 111), ("tzwe", 10)].map { WeightedName($0, weight: $1) },
            dialect: .cilium(size: 1_021))
        #expect(table.slotCounts == [16, 98, 832, 75])
    }

    /// The first slots of three equal backends, by a model of `pkg/maglev/maglev.go` in Python, in whatever order they
    /// are given.
    @Test(arguments: [["one", "three", "two"], ["two", "one", "three"]])
    func ciliumsTableOfEqualBackends(names: [String]) throws {
        let table = try MaglevTable(names.map { WeightedName($0) }, dialect: .cilium(size: 1_021))
        let byName = ["one", "three", "two"]
        #expect(
            table.owners.prefix(20).map { byName.firstIndex(of: names[$0]) }
                == [0, 2, 2, 2, 0, 1, 0, 2, 2, 0, 0, 1, 2, 0, 1, 0, 1, 2, 0, 0])
    }
}
