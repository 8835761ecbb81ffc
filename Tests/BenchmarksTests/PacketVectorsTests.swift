import Foundation
import Testing

@testable import Benchmarks

/// The packet engine against the contract's vectors, whose origin their folder names.
struct PacketVectorsTests {
    @Test func theEngineSendsWhatTheVectorsSay() throws {
        let folder = try #require(Bundle.module.url(forResource: "PacketVectors", withExtension: nil))
        let files = try PacketVectorsCommand.check(folder.path)
        #expect(files.count == 18)
        for file in files {
            #expect(file.reason == nil)
            #expect(file.cases > 0)
            #expect(file.mismatchCount == 0, "\(file.file): \(file.mismatches)")
        }
    }
}
