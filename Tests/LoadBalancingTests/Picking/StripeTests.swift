import Testing

@testable import LoadBalancing

@Suite struct StripeTests {
    @Test func oneHolderAtATime() {
        let stripe = Stripe(5)
        defer { stripe.destroy() }
        #expect(stripe.tryLock())
        #expect(!stripe.tryLock())
        #expect(!stripe.lock(attempts: 100))
        stripe.value += 1
        stripe.unlock()
        #expect(stripe.lock(attempts: 1))
        #expect(stripe.value == 6)
        stripe.unlock()
    }

    @Test func staleUntilBroughtUpToDate() {
        let stripe = Stripe(5)
        defer { stripe.destroy() }
        #expect(!stripe.isStale)
        stripe.setStale(true)
        #expect(stripe.isStale)
        stripe.setStale(false)
        #expect(!stripe.isStale)
    }

    @Test func valuesAreDestroyedWithTheirStripe() {
        final class Witness: Sendable {}
        weak var witness: Witness?
        let stripe: Stripe<Witness>
        do {
            let object = Witness()
            witness = object
            stripe = Stripe(object)
        }
        #expect(witness != nil)
        stripe.destroy()
        #expect(witness == nil)
    }
}
