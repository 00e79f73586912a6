//! What a certificate request (PKCS #10) says: for whom the certificate is to be. Signatures and keys are not looked at.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::der::{OBJECT_ID, OCTETS, SEQUENCE, SET, blocks, content, next, take};

/// A request as people read it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) common_name: String,
    pub(crate) serial_number: String,
    /// The other parts of the subject that have a label, each with all its values.
    pub(crate) organization: Vec<String>,
    pub(crate) organizational_unit: Vec<String>,
    pub(crate) country: Vec<String>,
    pub(crate) locality: Vec<String>,
    pub(crate) province: Vec<String>,
    pub(crate) street_address: Vec<String>,
    pub(crate) postal_code: Vec<String>,
    /// The other names of the subject.
    pub(crate) dns_names: Vec<String>,
    pub(crate) emails: Vec<String>,
    pub(crate) uris: Vec<String>,
    pub(crate) addresses: Vec<String>,
}

const ATTRIBUTES: u8 = 0xa0;
/// `2.5.4`, the names of X.500; one byte more says which.
const X500: [u8; 2] = [0x55, 0x04];
/// `1.2.840.113549.1.9.14`, the extensions that are asked for.
const EXTENSION_REQUEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x0e];
/// `2.5.29.17`, other names of the subject.
const ALTERNATIVE_NAMES: &[u8] = &[0x55, 0x1d, 0x11];

/// Reads the field `spec.request`: PEM in Base64. `None` where it is no such thing.
pub(crate) fn read(field: &str) -> Option<Request> {
    let der = blocks(field, "CERTIFICATE REQUEST")?.into_iter().next()?;
    let mut information = content(content(&der, SEQUENCE)?, SEQUENCE)?;
    next(&mut information)?;
    let subject = take(&mut information, SEQUENCE)?;
    take(&mut information, SEQUENCE)?;
    let mut out = Request::default();
    subject_names(subject, &mut out)?;
    if let Some(attributes) = content(information, ATTRIBUTES) {
        read_attributes(attributes, &mut out)?;
    }
    Some(out)
}

fn subject_names(mut subject: &[u8], out: &mut Request) -> Option<()> {
    while !subject.is_empty() {
        let mut group = take(&mut subject, SET)?;
        while !group.is_empty() {
            let mut pair = take(&mut group, SEQUENCE)?;
            let id = take(&mut pair, OBJECT_ID)?;
            let (tag, content) = next(&mut pair)?;
            let text = string(tag, content)?;
            let Some([which]) = id.strip_prefix(&X500) else { continue };
            match which {
                3 => out.common_name = text,
                5 => out.serial_number = text,
                6 => out.country.push(text),
                7 => out.locality.push(text),
                8 => out.province.push(text),
                9 => out.street_address.push(text),
                10 => out.organization.push(text),
                11 => out.organizational_unit.push(text),
                17 => out.postal_code.push(text),
                _ => {}
            }
        }
    }
    Some(())
}

fn read_attributes(mut attributes: &[u8], out: &mut Request) -> Option<()> {
    while !attributes.is_empty() {
        let mut attribute = take(&mut attributes, SEQUENCE)?;
        if take(&mut attribute, OBJECT_ID)? != EXTENSION_REQUEST {
            continue;
        }
        let mut values = take(&mut attribute, SET)?;
        let mut extensions = take(&mut values, SEQUENCE)?;
        while !extensions.is_empty() {
            let mut extension = take(&mut extensions, SEQUENCE)?;
            let id = take(&mut extension, OBJECT_ID)?;
            // Between the two there may be a truth: whether the extension is critical.
            let octets = loop {
                if let (OCTETS, octets) = next(&mut extension)? {
                    break octets;
                }
            };
            if id == ALTERNATIVE_NAMES {
                alternative_names(content(octets, SEQUENCE)?, out)?;
            }
        }
    }
    Some(())
}

fn alternative_names(mut names: &[u8], out: &mut Request) -> Option<()> {
    while !names.is_empty() {
        let (tag, content) = next(&mut names)?;
        let list = match tag & 0x1f {
            1 => &mut out.emails,
            2 => &mut out.dns_names,
            6 => &mut out.uris,
            7 => {
                out.addresses.push(address(content)?);
                continue;
            }
            _ => continue,
        };
        list.push(std::str::from_utf8(content).ok()?.to_owned());
    }
    Some(())
}

fn address(bytes: &[u8]) -> Option<String> {
    let address: IpAddr = match *bytes {
        [a, b, c, d] => Ipv4Addr::new(a, b, c, d).into(),
        _ => Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?).into(),
    };
    Some(address.to_canonical().to_string())
}

/// A text of one of the kinds that certificates use.
fn string(tag: u8, content: &[u8]) -> Option<String> {
    match tag {
        0x0c | 0x12 | 0x13 | 0x16 => String::from_utf8(content.to_vec()).ok(),
        0x14 => Some(content.iter().copied().map(char::from).collect()),
        0x1e => {
            let units: Vec<u16> =
                content.chunks(2).map(|pair| pair.iter().fold(0, |unit, &byte| unit << 8 | u16::from(byte))).collect();
            String::from_utf16(&units).ok()
        }
        _ => None,
    }
}
