import Foundation
import Testing

@testable import LoadBalancing

@Suite struct MaglevPolicyTests {
    static func policy(_ json: String) throws -> MaglevPolicy {
        try JSONDecoder().decode(MaglevPolicy.self, from: Data(json.utf8))
    }

    @Test(arguments: [
        ("{}", MaglevPolicy()),
        (#"{"size": 131071}"#, MaglevPolicy(dialect: .standard(size: 131_071))),
        (#"{"dialect": "standard", "repairs": true}"#, MaglevPolicy(repairs: true)),
        (#"{"dialect": "envoy"}"#, MaglevPolicy(dialect: .envoy())),
        (#"{"dialect": "paper", "size": 5003}"#, MaglevPolicy(dialect: .paper(size: 5_003))),
        (#"{"dialect": "katran-v1"}"#, MaglevPolicy(dialect: .katran(.v1))),
        (#"{"dialect": "katran-v2"}"#, MaglevPolicy(dialect: .katran(.v2))),
        (#"{"dialect": "cilium"}"#, MaglevPolicy(dialect: .cilium())),
        (#"{"dialect": "cilium", "seed": 7}"#, MaglevPolicy(dialect: .cilium(seed: 7))),
    ])
    func isReadFromAConfiguration(json: String, policy: MaglevPolicy) throws {
        #expect(try Self.policy(json) == policy)
        #expect(try Self.policy(String(decoding: JSONEncoder().encode(policy), as: UTF8.self)) == policy)
    }

    @Test(arguments: [
        (
            #"{"dialect": "katran"}"#,
            #"there is no Maglev dialect "katran"; use one of standard, paper, envoy, katran-v1, "#
        ),
        (#"{"size": 65536}"#, "cannot have 65536 slots, which is not prime; take 65537"),
        (#"{"size": 1}"#, "cannot have 1 slots; it can have 2 to 134217689"),
        (#"{"dialect": "katran-v2", "size": 131072}"#, "cannot have 131072 slots, which is not prime; take 131101"),
        (#"{"dialect": "envoy", "seed": 1}"#, #"only the dialect "cilium" has a seed"#),
        (#"{"repairs": 1}"#, ""), (#"{"size": "large"}"#, ""),
    ])
    func refusesWhatIsNoConfiguration(json: String, text: String) throws {
        let error = try #require(throws: DecodingError.self) { try Self.policy(json) }
        #expect(text.isEmpty || "\(error)".contains(text), "\(error)")
    }

    @Test func everyNameStandsForOneDialect() throws {
        for dialect in MaglevDialect.named {
            #expect(try MaglevDialect(named: dialect.name) == dialect)
            #expect(try MaglevDialect(named: dialect.name, size: 251).size == 251)
        }
        #expect(UnknownMaglevDialectError.knownNames.count == Set(MaglevDialect.named).count)
    }

    @Test(arguments: [
        (MaglevDialect.standard(size: 6), 2, "the table cannot have 6 slots, which is not prime; take 7"),
        (.standard(size: 7), 8, "the table has 7 slots for 8 backends; give it 655 for each"),
        (.katran(size: 1), 2, "the table cannot have 1 slots; it can have 2 to 134217689"),
    ])
    func aSetThatDoesNotFitIsRefused(dialect: MaglevDialect, count: Int, text: String) throws {
        let backends = WeightedName.servers(count).map { Backend($0.name) }
        let policy = AnyPolicy(MaglevPolicy(dialect: dialect))
        let error = try #require(throws: BackendSetError.self) { try LoadBalancer(policy: policy, backends: backends) }
        #expect(error.description == "the set does not suit the policy: " + text)
    }

    /// Where the owners of keys are after updates.
    static func owners(_ policy: MaglevPolicy, over sets: [[WeightedName]]) throws -> [String] {
        let balancer = try Balancer(
            policy: policy, backends: sets[0].map { Backend($0.name, weight: $0.weight) }, seed: 1)
        for set in sets.dropFirst() { try balancer.update(set.map { Backend($0.name, weight: $0.weight) }) }
        return try keyHashes(4_000).map { key in
            let lease = try balancer.lease(for: PickRequest(keyHash: key))
            return lease.id
        }
    }

    /// Without repairs history leaves no trace; with them, nobody's keys move but those that have to.
    @Test func repairsMoveNoMoreThanNeedBe() throws {
        let dialect = MaglevDialect.standard(size: 5_003)
        let few = WeightedName.servers([2, 1, 3, 2])
        let many = few + [WeightedName("newcomer", weight: 2)]
        let anew = MaglevPolicy(dialect: dialect)
        let repaired = MaglevPolicy(dialect: dialect, repairs: true)
        let before = try Self.owners(anew, over: [few])
        #expect(try Self.owners(repaired, over: [few]) == before, "the first table is the same")
        #expect(try Self.owners(anew, over: [many, few]) == before, "whatever was before")

        let after = try Self.owners(repaired, over: [few, many])
        #expect(zip(before, after).allSatisfy { $0 == $1 || $1 == "newcomer" })
        #expect(abs(after.count { $0 == "newcomer" } - 800) < 110, "a fifth, within four standard deviations of 25")
        let rebuilt = try Self.owners(anew, over: [few, many])
        #expect(zip(before, rebuilt).contains { $0 != $1 && $1 != "newcomer" }, "the control")

        let left = try Self.owners(repaired, over: [few, many, many.filter { $0.name != few[2].name }])
        #expect(zip(after, left).allSatisfy { $0 == $1 || $0 == few[2].name })
    }

    /// A size that follows from the number of backends stays while there are 100 slots for each.
    @Test(arguments: [(101, 65_537), (655, 65_537), (656, 655_373)])
    func aRepairedTableKeepsItsSize(count: Int, size: Int) {
        let policy = MaglevPolicy(repairs: true)
        let first = policy.makeTable(for: WeightedName.servers(3), replacing: nil)
        #expect(first.size == 65_537)
        #expect(policy.makeTable(for: WeightedName.servers(count), replacing: first).size == size)
        let nobody = policy.makeTable(for: [], replacing: first)
        #expect(nobody.size == 0)
        #expect(policy.makeTable(for: WeightedName.servers(3), replacing: nobody) == first, "begins anew")
    }
}
