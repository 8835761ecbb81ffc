import Foundation
import LoadBalancing
import Testing

/// What a program picked, read from a file of `Vectors`: for each key of `keys.json` the position of an endpoint.
struct RingVectors: Decodable {
    struct Case: Decodable, CustomStringConvertible {
        let `case`: String
        let endpoints: [String]
        let weights: [Int]
        let pick: [Int]
        let mode: String?
        let hash_function: String?
        let hash_fn: String?
        let avalanche: Bool?
        let points: Int?
        let down: [Int]?

        var backends: [WeightedName] { zip(endpoints, weights).map { WeightedName($0, weight: $1) } }
        var description: String { "\(`case`) \(mode ?? hash_function ?? hash_fn ?? "")" }
    }

    let cases: [Case]

    static let keys: [String] = (try? read("keys")) ?? []

    static func cases(_ file: String) throws -> [Case] {
        let cases = try read(file, as: RingVectors.self).cases
        #expect(keys.count == 1000)
        for vector in cases { #expect(vector.pick.count == keys.count, "\(vector)") }
        return cases
    }

    private static func read<Value: Decodable>(_ file: String, as _: Value.Type = Value.self) throws -> Value {
        let url = try #require(Bundle.module.url(forResource: file, withExtension: "json", subdirectory: "Vectors"))
        return try JSONDecoder().decode(Value.self, from: Data(contentsOf: url))
    }
}
