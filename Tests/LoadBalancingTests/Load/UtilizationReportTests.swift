import Testing

@testable import LoadBalancing

/// `OrcaLoadReport`s as google.protobuf 7.36.2 (Python) writes them.
@Suite struct UtilizationReportTests {
    private static let whole = UtilizationReport(
        applicationUtilization: 1.5, cpuUtilization: 0.3, requestsPerSecond: 120, errorsPerSecond: 1)

    @Test(
        arguments: [
            (header: "TEXT cpu_utilization=0.3,rps_fractional=120,eps=1,application_utilization=1.5", report: whole),
            ("TEXT application_utilization=1.5, named_metrics.x=2", UtilizationReport(applicationUtilization: 1.5)),
            ("TEXT ", UtilizationReport()), ("JSON {}", UtilizationReport()), ("BIN ", UtilizationReport()),
            (
                #"JSON {"cpuUtilization": 0.3, "memUtilization": 0.5, "rps": "300", "rpsFractional": 120.0, "eps": 1.0, "#
                    + #""namedMetrics": {"queue": 4.0}, "applicationUtilization": 1.5}"#, whole
            ),
            (
                #"JSON { "cpu_utilization" : 3e-1, "x": [1, {"y": "\"}"}, null], "z": true }"#,
                UtilizationReport(cpuUtilization: 0.3)
            ),
            (#"JSON {"rps": "300"}"#, UtilizationReport(requestsPerSecond: 300)),
            ("BIN CTMzMzMzM9M/EQAAAAAAAOA/MQAAAAAAAF5AOQAAAAAAAPA/QhAKBXF1ZXVlEQAAAAAAABBASQAAAAAAAPg/", whole),
            ("BIN GKwC", UtilizationReport(requestsPerSecond: 300)),
            ("BIN GKw=", nil), ("BIN GKwC====", nil), ("BIN *", nil), ("BIN GK-_", nil), ("BIN CQAAAAAAAPi/", nil),
            ("TEXT cpu_utilization=-1", nil), ("TEXT cpu_utilization=nan", nil), ("TEXT cpu_utilization", nil),
            ("TEXT cpu_utilization=inf", nil), ("", nil), ("XML <cpu/>", nil), ("JSON", nil), ("JSON [1]", nil),
            (#"JSON {"cpuUtilization": -1}"#, nil), (#"JSON {"cpuUtilization": "NaN"}"#, nil),
            (#"JSON {"cpuUtilization": 0.3"#, nil), (#"JSON {"cpuUtilization": 0.3} x"#, nil),
            (#"JSON {"eps": 1,}"#, nil),
            (#"JSON {"eps" 1}"#, nil), (#"JSON {"eps": 0x1p3}"#, nil), (#"JSON {"eps": \u0031}"#, nil),
            (#"JSON {"e\"#, nil),
        ] as [(String, UtilizationReport?)])
    func headers(header: String, report: UtilizationReport?) {
        #expect(UtilizationReport(header: header) == report)
    }

    @Test func whatLiesTooDeepIsNotRead() {
        func nested(_ depth: Int) -> String {
            #"JSON {"x": "# + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}"
        }
        #expect(UtilizationReport(header: nested(10)) != nil)
        #expect(UtilizationReport(header: nested(100_000)) == nil)
    }

    /// Every field that may stand between those that are known, and every way to be cut off.
    @Test func messagesOfOtherFields() {
        let others: [UInt8] = [0x80, 0x01, 0x96, 0x01] + [0x85, 0x01, 0, 0, 0, 0] + [0x8A, 0x01, 2, 0xFF, 0xFF]
        let known: [UInt8] = [0x39, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F]
        #expect(UtilizationReport(message: others + known + others) == UtilizationReport(errorsPerSecond: 1))
        for count in 1..<known.count { #expect(UtilizationReport(message: known.prefix(count)) == nil) }
        #expect(UtilizationReport(message: [0x0B]) == nil, "a group")
        #expect(UtilizationReport(message: [0x02, 0]) == nil, "no field has the number 0")
        #expect(UtilizationReport(message: [0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]) == nil)
        #expect(UtilizationReport(message: Array(repeating: 0xFF, count: 11)) == nil)
    }
}
