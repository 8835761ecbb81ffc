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

    /// The utilization that counts: the application's if it says it, else the processors'.
    var utilization: Double { applicationUtilization > 0 ? applicationUtilization : cpuUtilization }
}
