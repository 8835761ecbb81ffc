/// What the rules know of one backend of the set in force.
struct BackendRecord {
    var proposals = AdmissionProposals()
    /// Since when the backend warms up; `nil` when it is warm.
    var warmingSince: Timestamp?
    var ejection = Ejection()
    /// What its leases had come to when backends were compared last.
    var tally = OutcomeTally()
    var health = BackendHealth()
}
