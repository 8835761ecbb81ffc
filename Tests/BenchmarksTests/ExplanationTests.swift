import Foundation
import Testing

@testable import Benchmarks
@testable import PacketForwarding

/// What the engine says that it would do with a packet, against what it then does: at every step of the contract's cases.
struct ExplanationTests {
    private func cases() throws -> [(name: String, vector: PacketCase)] {
        let folder = try #require(Bundle.module.url(forResource: "PacketVectors", withExtension: nil))
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return try files.filter { $0.pathExtension == "json" }.flatMap { file in
            try JSONDecoder().decode([PacketCase].self, from: Data(contentsOf: file)).map {
                ("\(file.lastPathComponent), \($0.name)", $0)
            }
        }
    }

    @Test func theEngineDoesWhatItSays() throws {
        var steps = 0
        for (name, vector) in try cases() {
            var run = try PacketCaseRun(vector, explains: true)
            try run.run()
            for arrival in run.explained {
                let explanation = arrival.explanation
                #expect(explanation.verdict == arrival.verdict, "\(name), step \(arrival.step): \(explanation)")
                steps += 1
                let findings = Self.findings(arrival, backends: vector.config.services.flatMap(\.backends))
                #expect(findings.isEmpty, "\(name), step \(arrival.step): \(findings)\n\(explanation)")
                let decoded = try JSONDecoder().decode(Explanation.self, from: JSONEncoder().encode(explanation))
                #expect(decoded == explanation)
            }
        }
        #expect(steps > 400)
    }

    /// What the frames that were sent have other than the edits say.
    private static func findings(_ arrival: ExplainedArrival, backends: [BackendConfiguration]) -> [String] {
        let edits = arrival.explanation.edits
        guard let first = arrival.sent.first else { return edits.isEmpty ? [] : ["edits, and nothing was sent"] }
        // Every bit pattern is a byte.
        let bytes = unsafe first.bytes.span.bytes
        guard let header = EthernetHeader(bytes) else { return ["no frame"] }
        var findings: [String] = []
        let packet = Packet(bytes, behind: header)
        var edited = 0
        for edit in edits {
            switch edit {
            case .link(let interface, let destination):
                if "\(header.destination)" != "\(destination)" { findings.append("to \(header.destination)") }
                if arrival.explanation.verdict == .pass { findings.append("sent out of \(interface), but passed") }
            case .source(_, let end):
                if Endpoint(packet?.source ?? end.address, packet?.sourcePort ?? 0) != end { findings.append("source") }
                edited += 1
            case .destination(_, let end):
                if Endpoint(packet?.destination ?? end.address, packet?.destinationPort ?? 0) != end {
                    findings.append("destination")
                }
                edited += 1
            case .hopLimit(_, let limit): if packet?.hopLimit != limit { findings.append("hop limit") }
            case .encapsulation(_, let source, let destination):
                if packet?.source != source || packet?.destination != destination { findings.append("outer header") }
                edited += 1
            case .fragments: if arrival.sent.count < 2 { findings.append("one piece") }
            case .answer, .maximumSegmentSize, .quotedSource, .quotedDestination, .segments, .tagRemoved: break
            }
        }
        // A packet that goes to a backend by translation or tunnel has its address.
        if arrival.explanation.subject == .client, arrival.verdict == .send, edited > 0,
            let backend = backends.first(where: { $0.name == arrival.explanation.backend }),
            !backends.contains(where: { $0.name == backend.name && $0.address != backend.address }),
            packet?.destination != backend.address
        {
            findings.append("not to \(backend.name)")
        }
        return findings
    }
}
