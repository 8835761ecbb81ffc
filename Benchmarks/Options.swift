import LoadBalancing

/// The options that subcommands have in common.
struct Options {
    let plan: Plan
    let policies: [PolicyName]
    let backends: [Int]
    /// Where to write the results as JSON; `nil` for nowhere.
    let json: String?

    static let help = """
          --only POLICY        one policy: \(UnknownPolicyError.knownNames.joined(separator: ", "))
          --backends 3,10,...  numbers of backends
          --quick              5 runs of 3 ms instead of 7 of 12 ms
          --json FILE          write all figures as JSON
          --help               this text
        """

    init(_ arguments: inout Arguments, backends standard: [Int]) throws(UsageError) {
        plan = arguments.flag("--quick") ? .quick : .full
        json = try arguments.option("--json")
        if let name = try arguments.option("--only") {
            guard let policy = PolicyName(rawValue: name) else {
                let known = UnknownPolicyError.knownNames.joined(separator: ", ")
                throw UsageError(message: "there is no policy \"\(name)\"; use one of \(known)")
            }
            policies = [policy]
        } else {
            policies = PolicyName.allCases
        }
        backends = try arguments.numbers("--backends", in: 2...1_000_000) ?? standard
    }
}
