import Foundation
import PacketForwarding

/// A case of a vector file: a configuration, and what an engine sends for each step.
struct VectorCase: Decodable {
    let name: String
    let about: String
    let config: ForwardingConfiguration
    let steps: [Step]

    /// A packet or a control step.
    struct Step: Decodable {
        let at: Double
        let interface: String?
        let frame: Hex?
        let expect: Expectation?
        let control: Control?

        private enum CodingKeys: String, CodingKey {
            case at, interface, expect, control
            case frame = "in"
        }
    }

    /// What an engine is told.
    struct Control: Decodable {
        let drain: String?
        let down: String?
        let up: String?
        let weight: [String: Int]?
    }

    /// What comes of a frame.
    enum Expectation: Decodable {
        case frames([ExpectedFrame])
        case pass
        case drop(reason: String, frames: [ExpectedFrame])

        private enum CodingKeys: String, CodingKey { case verdict, reason, frames }

        init(from decoder: any Decoder) throws {
            if let frames = try? [ExpectedFrame](from: decoder) {
                self = .frames(frames)
                return
            }
            let values = try decoder.container(keyedBy: CodingKeys.self)
            switch try values.decode(String.self, forKey: .verdict) {
            case "pass": self = .pass
            default:
                self = .drop(
                    reason: try values.decode(String.self, forKey: .reason),
                    frames: try values.decodeIfPresent([ExpectedFrame].self, forKey: .frames) ?? [])
            }
        }
    }

    /// A frame that is to be sent.
    struct ExpectedFrame: Decodable {
        let interface: String
        let out: Hex
        let ignore: [[Int]]?
        let range: [Bounds]?
        let choice: [Choice]?
        let equal: [Equal]?
        let badChecksum: Bool?
    }

    struct Bounds: Decodable {
        let at: [Int]
        let from: Int
        let to: Int
    }

    struct Choice: Decodable {
        let at: [Int]
        let of: [Hex]
    }

    struct Equal: Decodable {
        let at: [Int]
        let step: Int
    }

    /// Bytes as hexadecimal text.
    struct Hex: Decodable {
        let bytes: [UInt8]

        init(from decoder: any Decoder) throws {
            let text = Array(try decoder.singleValueContainer().decode(String.self).utf8)
            bytes = try stride(from: 0, to: text.count, by: 2).map { index in
                guard index + 1 < text.count,
                    let byte = UInt8(String(decoding: text[index...index + 1], as: UTF8.self), radix: 16)
                else {
                    throw DecodingError.dataCorrupted(
                        DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "no hexadecimal text"))
                }
                return byte
            }
        }
    }
}
