//! What a deployment says of a provider: `[[sign-in]]` in `weft.toml`. A secret comes from a file or the environment, never
//! from the configuration itself, and never shows in a log.

use std::fmt;
use std::path::PathBuf;

use openidconnect::url::Url;
use serde::Deserialize;

use crate::outside::may_be_asked;

/// Whose provider it is, and so what its words mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// NHS staff, in the shape of NHS CIS2: the roles of the national directory.
    Staff,
    /// Citizens, in the shape of NHS login: an NHS number that was proved to be theirs.
    Citizen,
    /// The staff of one organisation with a provider of its own.
    Council,
}

/// A provider as it stands in the configuration.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Written {
    /// Its word in addresses: small letters, digits and `-`.
    pub id: String,
    /// What the button says.
    pub name: String,
    /// Its issuer, exactly as its tokens name it.
    pub issuer: String,
    /// Who we are to it.
    pub client_id: String,
    /// Whose it is.
    pub kind: Kind,
    /// The file that holds our secret.
    pub secret_file: Option<PathBuf>,
    /// The environment variable that holds our secret.
    pub secret_variable: Option<String>,
    /// The file that holds our private RSA key (PEM, PKCS#1), in place of a secret.
    pub key_file: Option<PathBuf>,
    /// The key's id, as the provider knows it.
    pub key_id: Option<String>,
    /// What to ask for beside `openid`.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// The proof to ask for, in the provider's words (`acr_values`).
    #[serde(default)]
    pub acr_values: Vec<String>,
    /// The proof to ask for, in NHS login's words.
    #[serde(default)]
    pub vtr: Vec<String>,
    /// The least authenticator assurance level that is let in: 2 or 3.
    pub assurance: Option<u8>,
    /// Words of the claim `amr` any one of which stands for two factors, where a provider says no level.
    #[serde(default)]
    pub two_factors: Vec<String>,
    /// How many minutes ago they may have proved who they are.
    pub max_age: Option<u32>,
    /// For an organisation's own provider: which organisation of the place.
    pub organisation: Option<String>,
    /// For an organisation's own provider: the claim that holds the role.
    pub role_claim: Option<String>,
    /// A provider on this machine, asked without TLS. Never where real data is.
    #[serde(default)]
    pub test: bool,
}

/// How we prove to a provider who we are.
#[derive(Clone)]
pub enum Credential {
    /// By a secret.
    Secret(String),
    /// By a private key, in PEM, with its id.
    Key(String, Option<String>),
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Secret(_) => "Secret(not shown)",
            Self::Key(..) => "Key(not shown)",
        })
    }
}

/// A provider that can be used.
#[derive(Debug, Clone)]
pub struct Provider {
    /// What was written of it.
    pub written: Written,
    pub(crate) credential: Credential,
}

/// What is wrong with a provider's lines.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("[[sign-in]] {id}: {why}")]
pub struct Wrong {
    id: String,
    why: String,
}

impl Provider {
    /// Takes a provider's lines; `variable` reads the environment.
    ///
    /// # Errors
    /// [`Wrong`], with what to write instead.
    pub fn of(written: Written, variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, Wrong> {
        let wrong = |why: &str| Wrong { id: written.id.clone(), why: why.to_owned() };
        let letters = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        if written.id.is_empty() || written.id == "role" || !written.id.chars().all(letters) {
            return Err(wrong("id is a word of small letters, digits and -, and not `role`"));
        }
        let issuer =
            Url::parse(&written.issuer).map_err(|_| wrong("issuer is an address that begins with https://"))?;
        if !may_be_asked(&issuer, written.test) || issuer.query().is_some() || issuer.fragment().is_some() {
            return Err(wrong(
                "issuer is an address that begins with https:// (http:// only for this machine, with test = true)",
            ));
        }
        if written.assurance.is_some_and(|level| !(2..=3).contains(&level)) {
            return Err(wrong("assurance is 2 or 3: nobody sees records with less"));
        }
        match written.kind {
            Kind::Council if written.organisation.is_none() || written.role_claim.is_none() => {
                return Err(wrong("kind = \"council\" needs organisation and role-claim"));
            }
            Kind::Citizen if !written.vtr.iter().all(|vector| vector.starts_with("P9.")) => {
                return Err(wrong("vtr asks for less than P9, which records need"));
            }
            _ => {}
        }
        let file = |path: &PathBuf| {
            let text = std::fs::read_to_string(path);
            text.map_err(|error| wrong(&format!("{} cannot be read: {error}", path.display())))
        };
        let credential = match (&written.secret_file, &written.secret_variable, &written.key_file) {
            (Some(path), None, None) => Credential::Secret(file(path)?.trim().to_owned()),
            (None, Some(name), None) => match variable(name) {
                Some(secret) => Credential::Secret(secret.trim().to_owned()),
                None => return Err(wrong(&format!("the environment variable {name} is not set"))),
            },
            (None, None, Some(path)) => {
                let key = file(path)?;
                if crate::assertion::key(&key, None).is_none() {
                    return Err(wrong(
                        "key-file is not an RSA private key in PEM that begins with BEGIN RSA PRIVATE KEY",
                    ));
                }
                Credential::Key(key, written.key_id.clone())
            }
            _ => return Err(wrong("give one of secret-file, secret-variable and key-file")),
        };
        if matches!(&credential, Credential::Secret(secret) if secret.is_empty()) {
            return Err(wrong("the secret is empty"));
        }
        Ok(Self { written, credential })
    }

    /// The level that is asked for and that must come back.
    pub(crate) fn assurance(&self) -> u8 {
        self.written.assurance.unwrap_or(2)
    }

    /// Everything that is asked for, `openid` first.
    pub(crate) fn scope(&self) -> String {
        let usual: &[&str] = match self.written.kind {
            Kind::Staff => &["nationalrbacaccess"],
            Kind::Citizen => &["profile"],
            Kind::Council => &["profile"],
        };
        let mut all = vec!["openid"];
        if self.written.scopes.is_empty() {
            all.extend(usual);
        }
        all.extend(self.written.scopes.iter().map(String::as_str).filter(|scope| *scope != "openid"));
        all.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &str = r#"
        id = "cis2"
        name = "NHS smartcard or security key"
        issuer = "https://sign-in.example"
        client-id = "weft"
        kind = "staff"
        secret-variable = "SECRET"
    "#;

    fn of(lines: &str) -> Result<Provider, String> {
        let written = toml::from_str::<Written>(lines).map_err(|error| error.to_string())?;
        let secret = |name: &str| (name == "SECRET").then(|| "hush-hush".to_owned());
        Provider::of(written, &secret).map_err(|wrong| wrong.to_string())
    }

    #[test]
    fn a_secret_is_read_and_never_shown() {
        let provider = of(LINES).unwrap();
        assert!(matches!(&provider.credential, Credential::Secret(secret) if secret == "hush-hush"));
        assert!(!format!("{provider:?}").contains("hush"), "{provider:?}");
        assert_eq!(provider.scope(), "openid nationalrbacaccess");
        assert_eq!(provider.assurance(), 2);
    }

    #[test]
    fn what_would_not_be_safe_is_refused_with_what_to_write() {
        for (from, to, words) in [
            ("https://sign-in.example", "http://sign-in.example", "https://"),
            ("https://sign-in.example", "http://127.0.0.1:1", "test = true"),
            ("\"cis2\"", "\"CIS 2\"", "small letters"),
            ("\"cis2\"", "\"role\"", "not `role`"),
            ("\"SECRET\"", "\"MISSING\"", "not set"),
            ("secret-variable = \"SECRET\"", "", "one of secret-file"),
            ("secret-variable = \"SECRET\"", "secret = \"x\"", "unknown field"),
            ("\"staff\"", "\"council\"", "role-claim"),
            ("\"staff\"", "\"citizen\"\nvtr = [\"P5.Cp\"]", "P9"),
            ("\"staff\"", "\"staff\"\nassurance = 1", "2 or 3"),
            ("secret-variable = \"SECRET\"", "key-file = \"/nowhere\"", "cannot be read"),
        ] {
            let refused = of(&LINES.replace(from, to)).unwrap_err();
            assert!(refused.contains(words), "{to}: {refused}");
        }
    }
}
