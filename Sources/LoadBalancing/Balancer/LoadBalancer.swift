/// Spreads work over backends: the one type that most programs need.
///
///     let balancer = try LoadBalancer(
///         policy: .powerOfTwoChoices, backends: [Backend("10.0.0.1:8080"), Backend("10.0.0.2:8080")])
///     let page = try await balancer.withBackend { backend in
///         try await client.get(backend.endpoint)
///     }
///
/// The policy is a value that may come from a configuration. ``Balancer`` is the same with the policy known to the
/// compiler.
public typealias LoadBalancer<Endpoint: Sendable> = Balancer<Endpoint, AnyPolicy>
