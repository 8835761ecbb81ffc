/// What a server says of how busy it is, in the terms of ORCA: with an answer, or when it is asked.
public struct UtilizationReport: Hashable, Sendable {
    /// The part of what the application can do that is used, from 0; above 1 it is overloaded.
    public var applicationUtilization: Double
    /// The part of the processors that is used, from 0.
    public var cpuUtilization: Double
    /// Requests a second.
    public var requestsPerSecond: Double
    /// Failed requests a second.
    public var errorsPerSecond: Double

    /// Creates a report.
    public init(
        applicationUtilization: Double = 0, cpuUtilization: Double = 0, requestsPerSecond: Double = 0,
        errorsPerSecond: Double = 0
    ) {
        self.applicationUtilization = applicationUtilization
        self.cpuUtilization = cpuUtilization
        self.requestsPerSecond = requestsPerSecond
        self.errorsPerSecond = errorsPerSecond
    }

    /// Reads the `endpoint-load-metrics` header in its text form: `TEXT cpu_utilization=0.3,rps_fractional=120,eps=1`.
    ///
    /// What is not known is passed over; `nil` for another form, or a number that is none or negative.
    public init?(header: String) {
        guard header.hasPrefix("TEXT ") else { return nil }
        self.init()
        for pair in header.dropFirst(5).split(separator: ",") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, let number = Double(parts[1].filter { $0 != " " }), number >= 0, number.isFinite
            else { return nil }
            switch parts[0].filter({ $0 != " " }) {
            case "application_utilization": applicationUtilization = number
            case "cpu_utilization": cpuUtilization = number
            case "rps_fractional", "rps": requestsPerSecond = number
            case "eps": errorsPerSecond = number
            default: break
            }
        }
    }

    /// The utilization that counts: the application's if it says it, else the processors'.
    var utilization: Double { applicationUtilization > 0 ? applicationUtilization : cpuUtilization }
}
