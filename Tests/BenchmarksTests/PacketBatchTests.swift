import Foundation
import LoadBalancing
import PacketForwarding
import Testing

@testable import Benchmarks

/// A batch of the contract's frames is as good as these frames one by one.
@Suite struct PacketBatchTests {
    private static func cases() throws -> [PacketCase] {
        let path = try #require(Bundle.module.url(forResource: "PacketVectors", withExtension: nil)).path
        let folder = try VectorFolder(path: path)
        return try folder.names.flatMap { try JSONDecoder().decode([PacketCase].self, from: folder.data($0)) }
    }

    @Test func framesOfACaseGoTogetherAsOneByOne() throws {
        let cases = try Self.cases()
        #expect(cases.count == 134)
        var batches = 0
        for vector in cases {
            let single = try PacketCaseRun(vector)
            let expected = try single.run(inBatches: false)
            let batch = try PacketCaseRun(vector)
            let outcomes = try batch.run(inBatches: true)
            #expect(outcomes == expected, "\(vector.name)")
            batches += Set(outcomes.map(\.batch)).count < outcomes.count ? 1 : 0
        }
        // Most cases have several packets between two control steps.
        #expect(batches > 100)
    }
}
