//! Whose transcript it is.

use super::text::Text;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Institution {
    pub name: Text,
    /// Postal address, line by line.
    pub address: Vec<Text>,
    pub phone: Option<Text>,
    pub email: Option<Text>,
    pub website: Option<Text>,
    /// Codes others know it by: (system, code) such as ("OPEID", "00123400"), ("PSIS", "35015000").
    pub codes: Vec<(Text, Text)>,
    pub accreditation: Option<Text>,
    pub registrar_name: Option<Text>,
    pub registrar_title: Option<Text>,
}
