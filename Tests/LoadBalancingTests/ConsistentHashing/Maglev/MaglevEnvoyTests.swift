import Foundation
import Testing

@testable import LoadBalancing

@Suite struct MaglevEnvoyTests {
    struct Vectors: Decodable {
        struct Case: Decodable {
            let `case`: String
            let endpoints: [String]
            let weights: [Int]
            let pick: [Int]
            let table_size: Int

            var backends: [WeightedName] { zip(endpoints, weights).map { WeightedName($0, weight: $1) } }
        }
        let cases: [Case]
    }

    static func resource<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
        let file = try #require(
            Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Vectors"))
        return try JSONDecoder().decode(type, from: Data(contentsOf: file))
    }

    @Test func picksWhatEnvoyPicks() throws {
        let keys = try Self.resource("keys", as: [String].self)
        let cases = try Self.resource("envoy-maglev", as: Vectors.self).cases
        #expect(cases.count == 8)
        for vector in cases {
            let table = try MaglevTable(vector.backends, dialect: .envoy(size: vector.table_size))
            #expect(keys.map { table.backend(forKey: $0) } == vector.pick, "\(vector.case)")
        }
    }
}
