import Foundation
import Testing

@testable import Fuzzing

struct SeedTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fuzzing/Seeds")

    /// `swift run Fuzzing --seeds Tests/Fuzzing/Seeds` writes them anew.
    @Test func theFolderHoldsEveryCaseOfTheVectors() throws {
        let seeds = try Seed.all()
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(seeds.count > 100)
        #expect(Set(names) == Set(seeds.map(\.name)))
        for seed in seeds {
            let isSame = try [UInt8](Data(contentsOf: Self.folder.appending(path: seed.name))) == seed.bytes
            #expect(isSame, "\(seed.name)")
        }
    }

    @Test func whatTheVectorsSayIsWithoutFault() throws {
        for seed in try Seed.all() { #expect(FuzzTarget.engine.faults(seed.bytes) == [], "\(seed.name)") }
    }

    @Test func aScriptIsReadAsItIsWritten() throws {
        for seed in try Seed.all() {
            let isSame = EngineScript(seed.bytes).bytes == seed.bytes
            #expect(isSame, "\(seed.name)")
        }
    }

    /// Some seeds, whole and cut off, in every shape of configuration and engine.
    @Test(arguments: 0..<8 as Range<UInt8>)
    func nothingTrapsInAnyShape(bit: UInt8) throws {
        for (index, seed) in try Seed.all().enumerated() where index % 16 == Int(bit) {
            var bytes = seed.bytes
            bytes[1] = 1 << bit
            #expect(FuzzTarget.engine.faults(bytes) == [], "\(seed.name)")
            #expect(FuzzTarget.engine.faults(Array(bytes.prefix(bytes.count / 2))) == [], "\(seed.name)")
        }
    }
}
