//! How does a text get small? As a zlib stream (RFC 1950) with a preset dictionary: what is in the
//! dictionary already costs next to nothing.
//!
//! In: a text and a dictionary. Out: a stream that names the dictionary and holds a checksum, so that
//! one that was changed on its way is noticed. It must not know what the texts mean.

use adler2::adler32_slice as adler32;
use miniz_oxide::DataFormat;
use miniz_oxide::deflate::core::{
    CompressionStrategy, CompressorOxide, TDEFLFlush, compress_to_output,
};
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

/// The first bytes of a stream: deflate with a window of 32 KiB, tried hard, with a dictionary.
const HEAD: [u8; 2] = [0x78, 0xf9];

/// As hard as the library tries.
const LEVEL: u8 = 10;

/// The base-2 logarithm of the window.
const WINDOW: u8 = 15;

/// Streams shorter than this, in bytes, have little to gain from a table of their own letters.
const SHORT: usize = 1024;

/// The room that an unpacked text is given at first.
const LEAST: usize = 4096;

/// Why a stream gives no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It ends too early.
    CutOff,
    /// It was not written so.
    Damaged,
    /// What it gives is longer than was asked for.
    TooLong,
}

/// What names a dictionary.
pub fn name(dictionary: &[u8]) -> u32 {
    adler32(dictionary)
}

/// Packs a text.
pub fn pack(text: &[u8], dictionary: &[u8]) -> Vec<u8> {
    let mut packed = deflate(text, dictionary, CompressionStrategy::Default);
    if packed.len() < SHORT {
        // It may do without a table of its own, which the library does not try.
        let other = deflate(text, dictionary, CompressionStrategy::Fixed);
        packed = if other.len() < packed.len() { other } else { packed };
    }
    let mut stream = HEAD.to_vec();
    stream.extend(name(dictionary).to_be_bytes());
    stream.extend(packed);
    stream.extend(adler32(text).to_be_bytes());
    stream
}

fn deflate(text: &[u8], dictionary: &[u8], strategy: CompressionStrategy) -> Vec<u8> {
    let mut compressor = CompressorOxide::with_params(DataFormat::Raw, LEVEL, strategy, WINDOW);
    let mut packed = Vec::new();
    let mut run = |bytes: &[u8], flush| {
        compress_to_output(&mut compressor, bytes, flush, |some| {
            packed.extend_from_slice(some);
            true
        });
        packed.len()
    };
    // Packed and thrown away, the dictionary is what the compressor has seen last.
    let begin = run(dictionary, TDEFLFlush::Sync);
    run(text, TDEFLFlush::Finish);
    packed.split_off(begin)
}

/// The name of the dictionary that a stream was packed with.
///
/// # Errors
///
/// It is cut off, or is no such stream.
pub fn dictionary(stream: &[u8]) -> Result<u32, Failure> {
    match stream.split_at_checked(HEAD.len()) {
        None => Err(Failure::CutOff),
        Some((head, _)) if head != HEAD => Err(Failure::Damaged),
        Some((_, rest)) => {
            let name = rest.first_chunk().ok_or(Failure::CutOff)?;
            Ok(u32::from_be_bytes(*name))
        }
    }
}

/// The text of a stream that was packed with this dictionary, of at most so many bytes.
///
/// # Errors
///
/// It is cut off, damaged, or gives more than that.
pub fn unpack(stream: &[u8], dictionary: &[u8], most: usize) -> Result<Vec<u8>, Failure> {
    let mut packed = stream.get(HEAD.len() + size_of::<u32>()..).ok_or(Failure::CutOff)?;
    let mut inflater = Box::<DecompressorOxide>::default();
    // What was packed refers back into the dictionary: it is taken for what was unpacked before.
    let mut text = dictionary.to_vec();
    let (mut end, longest) = (text.len(), dictionary.len() + most);
    loop {
        text.resize((text.len() * 2).max(LEAST).min(longest), 0);
        let flags = TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
        let (status, read, written) = decompress(&mut inflater, packed, &mut text, end, flags);
        (packed, end) = (&packed[read..], end + written);
        match status {
            TINFLStatus::Done => break,
            TINFLStatus::HasMoreOutput if text.len() < longest => {}
            TINFLStatus::HasMoreOutput => return Err(Failure::TooLong),
            TINFLStatus::FailedCannotMakeProgress | TINFLStatus::NeedsMoreInput => {
                return Err(Failure::CutOff);
            }
            _ => return Err(Failure::Damaged),
        }
    }
    text.truncate(end);
    let text = text.split_off(dictionary.len());
    let checksum = packed.first_chunk().ok_or(Failure::CutOff)?;
    let is_whole = u32::from_be_bytes(*checksum) == adler32(&text);
    let is_all = packed.len() == checksum.len();
    if is_whole && is_all { Ok(text) } else { Err(Failure::Damaged) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DICTIONARY: &[u8] = b"kind: NetworkPolicy, kind: Pod";

    /// `kind: Pod` with the dictionary above, as another implementation of zlib has packed it.
    const ELSEWHERE: &[u8] =
        &[0x78, 0xf9, 0xab, 0x4d, 0x0a, 0xca, 0x83, 0x33, 0x00, 0x10, 0x42, 0x03, 0x24];

    #[test]
    fn what_is_packed_comes_back() {
        let long = "a word, and ".repeat(10_000);
        for text in ["", "x", "kind: Pod", "kind: NetworkPolicy", &long] {
            for dictionary in [DICTIONARY, b"", long.as_bytes()] {
                let stream = pack(text.as_bytes(), dictionary);
                assert_eq!(super::dictionary(&stream), Ok(name(dictionary)));
                let back = unpack(&stream, dictionary, text.len());
                assert_eq!(back.as_deref(), Ok(text.as_bytes()));
            }
        }
    }

    #[test]
    fn other_implementations_pack_the_same_form() {
        assert_eq!(dictionary(ELSEWHERE), Ok(name(DICTIONARY)));
        assert_eq!(unpack(ELSEWHERE, DICTIONARY, 100).as_deref(), Ok(&b"kind: Pod"[..]));
    }

    #[test]
    fn what_the_dictionary_holds_is_not_packed_again() {
        let stream = pack(DICTIONARY, DICTIONARY);
        assert!(stream.len() < HEAD.len() + 4 + 4 + 4 + 4, "{}", stream.len());
    }

    #[test]
    fn a_stream_that_is_not_whole_is_refused() {
        let stream = pack(b"kind: Service", DICTIONARY);
        for end in 0..stream.len() {
            let cut = &stream[..end];
            assert_eq!(unpack(cut, DICTIONARY, 100), Err(Failure::CutOff), "{end}");
        }
        for at in HEAD.len() + 4..stream.len() {
            let mut other = stream.clone();
            other[at] ^= 1;
            assert!(unpack(&other, DICTIONARY, 100).is_err(), "{at}");
        }
        let longer = [&stream[..], b"x"].concat();
        assert_eq!(unpack(&longer, DICTIONARY, 100), Err(Failure::Damaged));
        assert_eq!(dictionary(&longer[1..]), Err(Failure::Damaged));
        assert_eq!(dictionary(&longer[..5]), Err(Failure::CutOff));
    }

    #[test]
    fn a_stream_gives_no_more_than_is_asked_for() {
        let bomb = pack(&vec![0; 100_000], b"");
        assert_eq!(unpack(&bomb, b"", 99_999), Err(Failure::TooLong));
        assert_eq!(unpack(&bomb, b"", 100_000).map(|text| text.len()), Ok(100_000));
    }
}
