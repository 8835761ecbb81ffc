import Foundation
import Testing

@testable import PacketForwarding

/// A frame that comes in, and what goes out for it.
struct FrameVector: Decodable, Sendable, CustomTestStringConvertible {
    /// File, case and step of the packet contract.
    let origin: String
    /// Which answer is due.
    let kind: String?
    let clampMSS: UInt16?
    let badChecksum: Bool?
    let ignore: [[Int]]?
    private let `in`: String
    private let out: [String]

    var testDescription: String { origin }
    var input: [UInt8] { Bytes.of(`in`) }
    var outputs: [[UInt8]] { out.map(Bytes.of) }

    /// All vectors of a file in `Vectors`.
    static func all(_ name: String) -> [FrameVector] {
        guard let file = Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Vectors"),
            let data = try? Data(contentsOf: file), let vectors = try? JSONDecoder().decode([Self].self, from: data)
        else {
            Issue.record("no vectors \(name)")
            return []
        }
        return vectors
    }

    /// The bytes of a frame with those left out that may differ.
    func compared(_ bytes: [UInt8]) -> String {
        var bytes = bytes
        for span in ignore ?? [] where span[1] <= bytes.count {
            for index in span[0]..<span[1] { bytes[index] = 0 }
        }
        return Bytes.hexadecimal(bytes)
    }
}
