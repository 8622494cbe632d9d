//! The few regular expressions that R4's invariants use: letters, classes, groups, choices, repeats, anchors. They are short
//! and come from definitions, so a plain backtracking matcher with a limit on its steps is enough; what it cannot read it
//! refuses. A pattern must fit the whole text, as R4's authors meant theirs.

/// A pattern, read.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    choices: Vec<Vec<Piece>>,
}

#[derive(Debug, Clone)]
struct Piece {
    what: What,
    least: usize,
    most: usize,
}

#[derive(Debug, Clone)]
enum What {
    Any,
    Letter(char),
    Class { ranges: Vec<(char, char)>, not: bool },
    Group(Vec<Vec<Piece>>),
    Start,
    End,
}

/// When matching stops without an answer: no text may keep the server busy or use up its stack.
#[derive(Debug, Clone, Copy)]
struct Patience {
    steps: usize,
    depth: usize,
}

impl Patience {
    const NEW: Self = Self { steps: 500_000, depth: 400 };

    fn is_over(self) -> bool {
        self.steps == 0 || self.depth == 0
    }
}

impl Pattern {
    /// Reads a pattern; `None` for what is not known here (look-around, back references, lazy repeats).
    pub(super) fn parse(written: &str) -> Option<Self> {
        let letters: Vec<char> = written.chars().collect();
        let mut at = 0;
        let choices = choices(&letters, &mut at, 0)?;
        (at == letters.len()).then_some(Self { choices })
    }

    /// Whether it fits the whole text; `None` where that takes too long to find out.
    pub(super) fn matches(&self, text: &str) -> Option<bool> {
        let letters: Vec<char> = text.chars().collect();
        let mut patience = Patience::NEW;
        self.longest(&letters, 0, &mut patience, true).map(|end| end.is_some())
    }

    /// Every part of the text that it fits, replaced.
    pub(super) fn replace(&self, text: &str, by: &str) -> Option<String> {
        let letters: Vec<char> = text.chars().collect();
        let mut patience = Patience::NEW;
        let mut result = String::new();
        let mut at = 0;
        while at < letters.len() {
            match self.longest(&letters, at, &mut patience, false)? {
                Some(end) if end > at => {
                    result.push_str(by);
                    at = end;
                }
                _ => {
                    result.push(letters[at]);
                    at += 1;
                }
            }
        }
        Some(result)
    }

    /// Where the first fit from `at` ends. The outer `None`: out of patience.
    fn longest(&self, text: &[char], at: usize, patience: &mut Patience, whole: bool) -> Option<Option<usize>> {
        let mut end = None;
        for choice in &self.choices {
            let mut accept = |stop: usize, _: &mut Patience| {
                let fits = !whole || stop == text.len();
                if fits {
                    end = Some(stop);
                }
                fits
            };
            if run(choice, 0, text, at, patience, &mut accept) {
                break;
            }
            if patience.is_over() {
                return None;
            }
        }
        Some(end)
    }
}

type Accept<'c> = dyn FnMut(usize, &mut Patience) -> bool + 'c;

/// Fits the pieces from `index` at `at` and hands every end to `accept` until it is content.
fn run(
    pieces: &[Piece],
    index: usize,
    text: &[char],
    at: usize,
    patience: &mut Patience,
    accept: &mut Accept<'_>,
) -> bool {
    patience.steps = patience.steps.saturating_sub(1);
    if patience.is_over() {
        return false;
    }
    match pieces.get(index) {
        None => accept(at, patience),
        Some(piece) if !matches!(piece.what, What::Group(_)) => {
            // One letter at a time needs no recursion: as many as there are, then fewer.
            let most = (0..piece.most).take_while(|done| fits(&piece.what, text, at + done)).count();
            let width = usize::from(!matches!(piece.what, What::Start | What::End));
            let most = if width == 0 { most.min(1) } else { most };
            (piece.least..=most).rev().any(|times| run(pieces, index + 1, text, at + times * width, patience, accept))
        }
        Some(piece) => times(pieces, index, piece, 0, text, at, patience, accept),
    }
}

#[expect(clippy::too_many_arguments, reason = "the state of one backtracking matcher, used in this file only")]
fn times(
    pieces: &[Piece],
    index: usize,
    piece: &Piece,
    done: usize,
    text: &[char],
    at: usize,
    patience: &mut Patience,
    accept: &mut Accept<'_>,
) -> bool {
    if done < piece.most {
        let mut again = |next: usize, patience: &mut Patience| {
            // A repeat that consumes nothing would go on for ever.
            (next > at || piece.most == 1) && times(pieces, index, piece, done + 1, text, next, patience, accept)
        };
        if let What::Group(choices) = &piece.what {
            patience.depth = patience.depth.saturating_sub(1);
            if !patience.is_over() && choices.iter().any(|pieces| run(pieces, 0, text, at, patience, &mut again)) {
                return true;
            }
            if patience.is_over() {
                return false;
            }
            patience.depth += 1;
        }
    }
    done >= piece.least && run(pieces, index + 1, text, at, patience, accept)
}

/// Whether one letter (or an edge of the text) fits.
fn fits(what: &What, text: &[char], at: usize) -> bool {
    match what {
        What::Start => at == 0,
        What::End => at == text.len(),
        What::Any => at < text.len(),
        What::Letter(letter) => text.get(at) == Some(letter),
        What::Class { ranges, not } => {
            text.get(at).is_some_and(|letter| ranges.iter().any(|(from, to)| (from..=to).contains(&letter)) != *not)
        }
        What::Group(_) => false,
    }
}

fn choices(letters: &[char], at: &mut usize, depth: usize) -> Option<Vec<Vec<Piece>>> {
    if depth > 16 {
        return None;
    }
    let mut all = vec![Vec::new()];
    while let Some(letter) = letters.get(*at).copied() {
        *at += 1;
        let what = match letter {
            '|' => {
                all.push(Vec::new());
                continue;
            }
            ')' => {
                *at -= 1;
                break;
            }
            '(' => {
                if letters.get(*at) == Some(&'?') {
                    if letters.get(*at + 1) != Some(&':') {
                        return None;
                    }
                    *at += 2;
                }
                let inner = choices(letters, at, depth + 1)?;
                if letters.get(*at) != Some(&')') {
                    return None;
                }
                *at += 1;
                simplest(inner)
            }
            '[' => class(letters, at)?,
            '.' => What::Any,
            '^' => What::Start,
            '$' => What::End,
            '\\' => {
                let escaped = *letters.get(*at)?;
                *at += 1;
                escape(escaped)?
            }
            '*' | '+' | '?' | '{' => return None,
            plain => What::Letter(plain),
        };
        let (least, most) = repeats(letters, at)?;
        all.last_mut()?.push(Piece { what, least, most });
    }
    Some(all)
}

/// A group of one letter is that letter.
fn simplest(mut choices: Vec<Vec<Piece>>) -> What {
    if let [only] = choices.as_mut_slice()
        && matches!(only.as_slice(), [Piece { least: 1, most: 1, .. }])
        && let Some(piece) = only.pop()
    {
        return piece.what;
    }
    What::Group(choices)
}

fn repeats(letters: &[char], at: &mut usize) -> Option<(usize, usize)> {
    let found = match letters.get(*at) {
        Some('*') => (0, usize::MAX),
        Some('+') => (1, usize::MAX),
        Some('?') => (0, 1),
        Some('{') => {
            let length = letters[*at..].iter().position(|letter| *letter == '}')?;
            let inside: String = letters[*at + 1..*at + length].iter().collect();
            *at += length;
            match inside.split_once(',') {
                None => inside.parse().ok().map(|times| (times, times))?,
                Some((least, "")) => (least.parse().ok()?, usize::MAX),
                Some((least, most)) => (least.parse().ok()?, most.parse().ok()?),
            }
        }
        _ => return Some((1, 1)),
    };
    *at += 1;
    // A lazy or possessive mark after a repeat is not known here.
    (!matches!(letters.get(*at), Some('?' | '+' | '*'))).then_some(found)
}

fn escape(letter: char) -> Option<What> {
    let class = |ranges: &[(char, char)], not| Some(What::Class { ranges: ranges.to_vec(), not });
    match letter {
        'd' | 'D' => class(&[('0', '9')], letter == 'D'),
        'w' | 'W' => class(&[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')], letter == 'W'),
        's' | 'S' => class(&[('\t', '\r'), (' ', ' ')], letter == 'S'),
        'n' => Some(What::Letter('\n')),
        'r' => Some(What::Letter('\r')),
        't' => Some(What::Letter('\t')),
        other if other.is_ascii_alphanumeric() => None,
        other => Some(What::Letter(other)),
    }
}

fn class(letters: &[char], at: &mut usize) -> Option<What> {
    let not = letters.get(*at) == Some(&'^');
    *at += usize::from(not);
    let mut ranges = Vec::new();
    loop {
        let letter = *letters.get(*at)?;
        *at += 1;
        let from = match letter {
            ']' => return Some(What::Class { ranges, not }),
            '\\' => {
                let escaped = *letters.get(*at)?;
                *at += 1;
                match escape(escaped)? {
                    What::Class { ranges: more, not: false } => {
                        ranges.extend(more);
                        continue;
                    }
                    What::Letter(plain) => plain,
                    _ => return None,
                }
            }
            plain => plain,
        };
        if letters.get(*at) == Some(&'-') && letters.get(*at + 1).is_some_and(|next| *next != ']') {
            let mut to = letters[*at + 1];
            *at += 2;
            if to == '\\' {
                to = *letters.get(*at)?;
                *at += 1;
            }
            ranges.push((from, to));
        } else {
            ranges.push((from, from));
        }
    }
}
