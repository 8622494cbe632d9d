//! Names of coding systems and authorities in HL7 v2 to the URIs of FHIR. A name that is not known keeps its own
//! place (`urn:hl7v2:coding-system:<name>`), so that two sources' own codes are never taken for the same.

/// The FHIR system of a coding system's name in HL7 v2 (table 0396 and what is met in England).
#[must_use]
pub(super) fn code_system(name: &str) -> String {
    let upper = name.trim().to_ascii_uppercase();
    let known = match upper.as_str() {
        "SCT" | "SNM" | "SNOMED" | "SNOMEDCT" | "SNOMED-CT" | "SNOMED CT" | "SCTUK" => "http://snomed.info/sct",
        "LN" | "LOINC" => "http://loinc.org",
        "I10" | "ICD10" | "ICD-10" | "I10P" => "http://hl7.org/fhir/sid/icd-10",
        "I10C" | "ICD10CM" => "http://hl7.org/fhir/sid/icd-10-cm",
        "I9" | "I9M" | "ICD9" | "ICD-9" | "I9C" | "I9CDX" => "http://hl7.org/fhir/sid/icd-9-cm",
        "O4" | "OPCS4" | "OPCS-4" => "https://fhir.hl7.org.uk/Id/opcs-4",
        "RXNORM" => "http://www.nlm.nih.gov/research/umls/rxnorm",
        "NDC" => "http://hl7.org/fhir/sid/ndc",
        "C4" | "CPT4" | "CPT" => "http://www.ama-assn.org/go/cpt",
        "CVX" => "http://hl7.org/fhir/sid/cvx",
        "DCM" => "http://dicom.nema.org/resources/ontology/DCM",
        "UCUM" => "http://unitsofmeasure.org",
        "DM+D" | "DMD" => "https://dmd.nhs.uk",
        "READ2" | "RCV2" | "READV2" => "http://read.info/readv2",
        "CTV3" | "RCT3" => "http://read.info/ctv3",
        _ => "",
    };
    if !known.is_empty() {
        return known.to_owned();
    }
    // Tables of the standard itself; senders write HL70128 and HL7128 alike.
    if let Some(table) = upper.strip_prefix("HL7").filter(|t| (3..=4).contains(&t.len()))
        && table.bytes().all(|byte| byte.is_ascii_digit())
    {
        return format!("http://terminology.hl7.org/CodeSystem/v2-{table:0>4}");
    }
    if is_oid(name.trim()) {
        return format!("urn:oid:{}", name.trim());
    }
    format!("urn:hl7v2:coding-system:{}", escaped(name.trim()))
}

/// The system of an identifier, of the authority that gave it (an HD: name, universal id, its type).
#[must_use]
pub(super) fn authority(name: Option<&str>, universal: Option<&str>) -> Option<String> {
    let known = |word: &str| match word.trim().to_ascii_uppercase().as_str() {
        "GMC" => Some("https://fhir.hl7.org.uk/Id/gmc-number"),
        "GMP" => Some("https://fhir.hl7.org.uk/Id/gmp-number"),
        "NMC" => Some("https://fhir.hl7.org.uk/Id/nmc-number"),
        "SDS" | "SDSID" => Some("https://fhir.nhs.uk/Id/sds-user-id"),
        "ODS" | "NACS" => Some(ODS),
        _ => None,
    };
    if let Some(system) = name.and_then(known).or_else(|| universal.and_then(known)) {
        return Some(system.to_owned());
    }
    match (name, universal) {
        (_, Some(universal)) if is_oid(universal) => Some(format!("urn:oid:{universal}")),
        (Some(word), _) | (None, Some(word)) => Some(format!("urn:hl7v2:authority:{}", escaped(word))),
        (None, None) => None,
    }
}

/// The system of organisation codes of England.
pub(super) const ODS: &str = "https://fhir.nhs.uk/Id/ods-organization-code";

fn is_oid(text: &str) -> bool {
    text.contains('.') && text.len() > 4 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// Safe within a URI: anything but letters, digits and a few marks is written as `%xx`.
fn escaped(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_usual_names_and_keeps_the_others_apart() {
        assert_eq!(code_system("SNM"), "http://snomed.info/sct");
        assert_eq!(code_system("ln"), "http://loinc.org");
        assert_eq!(code_system("HL7128"), "http://terminology.hl7.org/CodeSystem/v2-0128");
        assert_eq!(code_system("WinPath tests"), "urn:hl7v2:coding-system:WinPath%20tests");
        assert_eq!(authority(Some("x"), Some("2.16.1.5")).unwrap(), "urn:oid:2.16.1.5");
        assert_eq!(authority(Some("PAS"), None).unwrap(), "urn:hl7v2:authority:PAS");
    }
}
