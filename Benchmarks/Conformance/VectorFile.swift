import Foundation

/// A file of answers that a program gave, as it stands: decoded, but not yet understood.
struct VectorFile: Decodable {
    /// The program, its version and how it was asked.
    let program: String
    let keys: KeySource?
    let cases: [VectorCase]

    /// Reads a file's text.
    init(_ data: Data) throws(VectorError) {
        do {
            self = try JSONDecoder().decode(VectorFile.self, from: data)
        } catch DecodingError.dataCorrupted {
            // Foundation does not say more, and takes a number that is too large or not whole for broken JSON.
            let isJSON = (try? JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)) != nil
            throw VectorError(isJSON ? "a number in it is not whole, or too large" : "it is not valid JSON")
        } catch let error as DecodingError {
            throw VectorError(error.inShort)
        } catch {
            throw VectorError("\(error)")
        }
    }
}

/// Where a file, or a case of it, has its keys: in a file beside it, or right there.
enum KeySource: Decodable, Equatable {
    case file(String)
    case list([String])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let name = try? container.decode(String.self) {
            self = .file(name)
        } else {
            self = .list(try container.decode([String].self))
        }
    }
}

/// One set of servers and what was picked from it; which members there are depends on the program.
struct VectorCase: Decodable {
    let `case`: String?
    let endpoints: [String]?
    let weights: [Int]?
    let keys: KeySource?
    /// The position of the server picked for each key; `null` where there was none.
    let pick: [Int?]?
    /// Positions of servers that were marked down.
    let down: [Int]?
    /// The positions picked one after another, without keys.
    let order: [Int?]?

    // How the program was set.
    let mode: String?
    let hashFunction: String?
    let hashFn: String?
    let avalanche: Bool?
    let tableSize: Int?
    let minimumRingSize: Int?
    let maximumRingSize: Int?
    /// The number of points on the ring.
    let points: Int?

    // Whole tables.
    /// The endpoints' numbers: `0..<n`.
    let num: String?
    let weight: [Int]?
    /// The endpoints' hashes, in hexadecimal.
    let hash: [String]?
    let tables: [VectorTable]?

    enum CodingKeys: String, CodingKey {
        case `case`, endpoints, weights, keys, pick, down, order, mode, avalanche, points, num, weight, hash, tables
        case hashFunction = "hash_function"
        case hashFn = "hash_fn"
        case tableSize = "table_size"
        case minimumRingSize = "minimum_ring_size"
        case maximumRingSize = "maximum_ring_size"
    }
}

/// A table of positions, of which a file has the beginning and a digest.
struct VectorTable: Decodable {
    let version: Int
    let size: Int
    /// In hexadecimal, over the positions as 32-bit words, the low byte first.
    let digest: String
    /// The table's beginning, or all of it.
    let first: [Int]?
    /// How many places each server has.
    let count: [Int]?

    enum CodingKeys: String, CodingKey {
        case version, size, first, count
        case digest = "sha256_of_int32le"
    }
}

/// Why a file cannot be read as vectors.
struct VectorError: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension DecodingError {
    /// What is wrong and where, on one line.
    ///
    /// Such as `cases[2].weights[0]: Expected to decode Int but found a string instead.`
    var inShort: String {
        let (context, missing): (Context, String?) =
            switch self {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
                (context, nil)
            case .keyNotFound(let key, let context): (context, key.stringValue)
            @unknown default: (Context(codingPath: [], debugDescription: "\(self)"), nil)
            }
        let place = context.codingPath.reduce("") { path, key in
            key.intValue.map { "\(path)[\($0)]" } ?? (path.isEmpty ? "" : path + ".") + key.stringValue
        }
        let reason = missing.map { "\"\($0)\" is missing" } ?? context.debugDescription
        return place.isEmpty ? reason : "\(place): \(reason)"
    }
}
