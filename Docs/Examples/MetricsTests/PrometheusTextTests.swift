import Foundation
import LoadBalancing
import Testing

@testable import Metrics

/// What Prometheus itself says of the text.
struct PrometheusTextTests {
    private static let promtool = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .map { "\($0)/promtool" }.first { FileManager.default.isExecutableFile(atPath: $0) }

    /// The exit code of `promtool check metrics`, and all that it finds.
    private static func check(_ text: String) throws -> (code: Int32, findings: String) {
        let process = Process()
        process.executableURL = URL(filePath: try #require(promtool))
        process.arguments = ["check", "metrics"]
        let (input, output) = (Pipe(), Pipe())
        (process.standardInput, process.standardOutput, process.standardError) = (input, output, output)
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try input.fileHandleForWriting.close()
        let findings = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: findings, as: UTF8.self))
    }

    /// Backends whose names are hard to write, in all states.
    private static func text(keepsHistograms: Bool) throws -> String {
        let time = ManualTime()
        let names = ["10.0.0.1:8080", "[fd00::1]:8080", #"a "quoted" \ name"#, "two\nlines", "ünï"]
        let balancer = try LoadBalancer(
            policy: .roundRobin, backends: names.map { Backend($0) },
            resilience: Resilience(
                slowStart: SlowStart(), outliers: OutlierDetection(), limits: ConcurrencyLimits(perBackend: 10),
                keepsHistograms: keepsHistograms),
            time: .manual(time), seed: 1, stripeLimit: 1)
        for number in 0..<200 {
            let lease = try balancer.lease()
            time.advance(by: .milliseconds(number))
            let fails = lease.id == names[1]
            lease.finish(fails ? .failure : .success)
        }
        return PrometheusText(snapshot: balancer.snapshot()).text
    }

    @Test(
        .enabled(if: promtool != nil, "promtool is not installed; apt-get install prometheus has it"),
        arguments: [false, true])
    func promtoolFindsNothing(keepsHistograms: Bool) throws {
        let text = try Self.text(keepsHistograms: keepsHistograms)
        let (code, findings) = try Self.check(text)
        #expect(code == 0 && findings.isEmpty, "\(findings)\n\(text)")
    }

    @Test(.enabled(if: promtool != nil, "promtool is not installed; apt-get install prometheus has it"))
    func promtoolFindsWhatIsWrong() throws {
        let text = try Self.text(keepsHistograms: true)
        #expect(try Self.check(text.replacingOccurrences(of: "picks_total", with: "picks")).code != 0)
        #expect(try Self.check(text + "load_balancer_waiting{ 0\n").code != 0)
    }

    @Test func namesAreEscaped() throws {
        let text = try Self.text(keepsHistograms: false)
        #expect(text.contains(#"load_balancer_picks_total{backend="a \"quoted\" \\ name"} "#))
        #expect(text.contains(#"load_balancer_picks_total{backend="two\nlines"} "#))
    }
}
