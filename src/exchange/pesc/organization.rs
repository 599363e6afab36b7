//! Institutions: the sender, and the schools that sessions and courses name.

use super::element::Element;
use crate::domain::{Institution, Text};

/// The identifiers of an organization, as its child elements name them; across all releases of the standard.
const CODES: &[&str] = &[
    "OPEID",
    "NCHELPID",
    "IPEDS",
    "ATP",
    "FICE",
    "ACT",
    "CCD",
    "PSS",
    "CEEBACT",
    "CSIS",
    "USIS",
    "ESIS",
    "PSIS",
    "PSID",
    "DUNS",
    "MutuallyDefined",
    "APAS",
    "GEOCode",
];

/// The sender [Source/Organization].
pub(super) fn institution(organization: Element<'_>) -> Option<Institution> {
    let contacts: Vec<_> = organization.children("Contacts").collect();
    let first = |kind| contacts.iter().find_map(|contact| contact.child(kind));
    let Some(name) = organization.filled("OrganizationName") else {
        return organization.lacks("OrganizationName");
    };
    let name = name.as_text();
    let address = first("Address").map(address).unwrap_or_default();
    let accreditation = organization
        .child("Accreditation")
        .and_then(|body| body.every_child().find(|child| !child.content().is_empty()).and_then(Element::as_text));
    Some(Institution {
        name: name?,
        address,
        phone: first("Phone").and_then(phone),
        email: first("Email").and_then(|email| email.text("EmailAddress")),
        website: first("URL").and_then(|url| url.text("URLAddress")),
        codes: codes(organization),
        accreditation,
        registrar_name: None,
        registrar_title: None,
    })
}

fn address(address: Element<'_>) -> Vec<Text> {
    let region = address.value("StateProvinceCode").or_else(|| address.value("StateProvince"));
    let region: Vec<_> = [region, address.value("PostalCode")].into_iter().flatten().collect();
    let region = region.join(" ");
    let city: Vec<_> = [address.value("City"), Some(region.as_str())].into_iter().flatten().collect();
    let city: Vec<_> = city.into_iter().filter(|part| !part.is_empty()).collect();
    let mut lines = address.texts("AddressLine");
    lines.extend(Text::new(&city.join(", ")).ok());
    lines.extend(address.text("CountryCode"));
    lines
}

fn phone(phone: Element<'_>) -> Option<Text> {
    let prefix = phone.value("CountryPrefixCode").map(|prefix| format!("+{}", prefix.trim_start_matches('+')));
    let extension = phone.value("PhoneNumberExtension").map(|number| format!("ext. {number}"));
    let [area, number] = ["AreaCityCode", "PhoneNumber"].map(|name| phone.value(name).map(str::to_owned));
    let parts: Vec<_> = [prefix, area, Some(number?), extension].into_iter().flatten().collect();
    Text::new(&parts.join(" ")).ok()
}

fn codes(organization: Element<'_>) -> Vec<(Text, Text)> {
    let known = |child: &Element<'_>| CODES.iter().any(|code| child.is(code)) && !child.content().is_empty();
    let pair = |child: Element<'_>| Some((Text::new(child.name()).ok()?, child.as_text()?));
    organization.every_child().filter(known).filter_map(pair).collect()
}

/// What a session's or course's own school is to the sender.
pub(super) struct School {
    pub name: Option<Text>,
    /// The work was done elsewhere and is credited, not taken at the sender.
    pub elsewhere: bool,
    pub notes: Vec<Text>,
}

/// A School element beside the sender; `None` when it is the sender itself. Agreements by which the sender's own
/// courses are taught on another campus or in a work placement leave them the sender's.
pub(super) fn school(element: Element<'_>, sender: Option<&Institution>) -> Option<School> {
    let name = element.text("OrganizationName");
    if sender.is_some_and(|sender| is_same(element, name.as_ref(), sender)) {
        return None;
    }
    let own =
        matches!(element.value("SchoolOverrideCode"), Some("Institutional" | "Multicampus" | "Coop" | "Internship"));
    Some(School { elsewhere: !own, name, notes: element.texts("NoteMessage") })
}

/// By a code that both have, or by name; a school that has neither is the sender.
fn is_same(element: Element<'_>, name: Option<&Text>, sender: &Institution) -> bool {
    let codes = codes(element);
    let shares_code = codes.iter().any(|code| code.0.as_str() != "MutuallyDefined" && sender.codes.contains(code));
    let shares_name = name.map_or(codes.is_empty(), |name| plain(name) == plain(&sender.name));
    shares_code || shares_name
}

fn plain(name: &Text) -> String {
    name.as_str().chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
