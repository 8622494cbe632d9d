//! Why somebody was not signed in: a word for the log and a sentence for the page. Neither ever repeats what a provider or a
//! browser sent.

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such provider here.
    #[error("There is no such way to sign in here.")]
    NoProvider,
    /// The provider cannot be reached, or answers with nonsense.
    #[error("Your organisation's sign-in service cannot be reached at the moment. Try again in a few minutes.")]
    Unreachable,
    /// Its description is not its own.
    #[error("The sign-in service describes itself as another one. Whoever runs this service has to look into it.")]
    Discovery,
    /// Nobody asked for this answer, or it came too late, or twice, or in another browser.
    #[error(
        "This sign-in was not begun in this browser, has been used already, or was begun more than ten minutes ago. Begin again."
    )]
    Unasked,
    /// The answer is of another provider than the one asked.
    #[error("The answer came from another sign-in service than the one that was asked. Begin again.")]
    MixedUp,
    /// The provider says that it did not sign them in.
    #[error("The sign-in service says that you were not signed in. Begin again if you want to.")]
    Declined,
    /// The code was not exchanged.
    #[error("The sign-in service did not confirm this sign-in. Begin again.")]
    Exchange,
    /// What it says of who somebody is cannot be trusted: signature, issuer, audience, times, nonce.
    #[error("What the sign-in service said of you could not be verified, so you were not signed in. Begin again.")]
    Token,
    /// The proof is weaker than the one asked for.
    #[error(
        "You were signed in with a weaker proof of who you are than records need (a smartcard, a security key or two steps). Sign in again with it."
    )]
    Assurance,
    /// They proved who they are too long ago.
    #[error("You proved who you are too long ago. Sign in again, and do it anew at the sign-in service.")]
    TooLongAgo,
    /// It says no role that is known here.
    #[error(
        "Your sign-in has no role that this service knows, so there is nothing you may see here. Ask whoever gives out roles in your organisation."
    )]
    NoRole,
    /// A citizen without a proved number.
    #[error("Your sign-in has no NHS number that was proved to be yours, so no record can be shown.")]
    NoNumber,
    /// Nobody in this record has the citizen's number.
    #[error("There is no record here that goes with your sign-in.")]
    NoRecord,
    /// A logout token that is none.
    #[error("The logout token is not one of this provider for this service.")]
    Logout,
    /// Programs without a provider's word.
    #[error("Programs cannot sign in here: no provider that issues tokens for programs is configured.")]
    Programs,
}

impl Refusal {
    /// Its word in the log.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NoProvider => "no-provider",
            Self::Unreachable => "unreachable",
            Self::Discovery => "discovery",
            Self::Unasked => "unasked",
            Self::MixedUp => "mixed-up",
            Self::Declined => "declined",
            Self::Exchange => "exchange",
            Self::Token => "token",
            Self::Assurance => "assurance",
            Self::TooLongAgo => "too-long-ago",
            Self::NoRole => "no-role",
            Self::NoNumber => "no-number",
            Self::NoRecord => "no-record",
            Self::Logout => "logout",
            Self::Programs => "programs",
        }
    }
}
