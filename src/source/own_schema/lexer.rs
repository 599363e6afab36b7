//! SQL into tokens, so that a parameter is found where it is one: never inside a text, a comment or a quoted name.

/// Whose SQL it is: they differ in how texts and comments end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    Sqlite,
    Postgres,
    MySql,
    /// Through a driver of Python's; what it speaks is not known.
    Any,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A word or number outside quotes.
    Word,
    /// A text, or a name in quotes.
    Quoted,
    /// `:name`.
    Parameter,
    /// `?`, `$1`, `:1`: a parameter that is not ours.
    Placeholder,
    Symbol,
}

#[derive(Clone, Copy, Debug)]
pub struct Token<'a> {
    pub kind: TokenKind,
    pub text: &'a str,
    /// Where it begins, in bytes.
    pub start: usize,
}

impl Token<'_> {
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    pub fn is(&self, word: &str) -> bool {
        matches!(self.kind, TokenKind::Word | TokenKind::Symbol) && self.text.eq_ignore_ascii_case(word)
    }
}

/// What a text of SQL cannot be.
pub type Fault = (&'static str, &'static str);

const OPEN_TEXT: Fault = ("open-quote", "has a quote that is never closed");
const OPEN_COMMENT: Fault = ("open-comment", "has a comment that is never closed");
const BACKSLASH: Fault =
    ("ambiguous-sql", "has a backslash in a text, which databases read differently: write the text without");
const DASHES: Fault = ("ambiguous-sql", "has -- without a space after it, which MySQL does not take for a comment");
const NESTED: Fault = ("ambiguous-sql", "has a comment inside a comment, which databases read differently");

/// The tokens of `sql`, without comments and spaces.
pub fn tokens(sql: &str, dialect: Dialect) -> Result<Vec<Token<'_>>, Fault> {
    let mut lexer = Lexer { sql, at: 0, dialect };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.next()? {
        tokens.push(token);
    }
    Ok(tokens)
}

struct Lexer<'a> {
    sql: &'a str,
    at: usize,
    dialect: Dialect,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.sql.get(self.at..).unwrap_or_default()
    }

    fn take(&mut self, kind: TokenKind, length: usize) -> Token<'a> {
        let start = self.at;
        self.at = self.sql.len().min(start + length);
        Token { kind, text: self.sql.get(start..self.at).unwrap_or_default(), start }
    }

    fn next(&mut self) -> Result<Option<Token<'a>>, Fault> {
        while self.skip_blank()? {}
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return Ok(None) };
        let escapes = self.dialect == Dialect::MySql;
        let token = match first {
            '\'' => self.quoted(0, '\'', escapes)?,
            '"' => self.quoted(0, '"', escapes)?,
            '`' => self.quoted(0, '`', false)?,
            '[' if matches!(self.dialect, Dialect::Sqlite | Dialect::Any) => self.quoted(0, ']', false)?,
            'e' | 'E' if self.dialect == Dialect::Postgres && rest[1..].starts_with('\'') => {
                self.quoted(1, '\'', true)?
            }
            '$' => self.dollar()?,
            ':' => self.colon(),
            '?' => self.take(TokenKind::Placeholder, 1),
            '@' if rest[1..].starts_with(is_word) && self.dialect != Dialect::Postgres => {
                self.take(TokenKind::Placeholder, 1 + word_length(&rest[1..]))
            }
            _ if is_word(first) => self.take(TokenKind::Word, self.name_length(rest)),
            _ => self.take(TokenKind::Symbol, first.len_utf8()),
        };
        Ok(Some(token))
    }

    /// As `word_length`, of a name: those of Oracle, PostgreSQL and SQL Server may hold $ and #.
    fn name_length(&self, text: &str) -> usize {
        let part = |c: char| is_word(c) || c == '$' || (c == '#' && self.dialect != Dialect::MySql);
        text.find(|c: char| !part(c)).unwrap_or(text.len())
    }

    /// Passes over one run of spaces or one comment; `false` where there is none.
    fn skip_blank(&mut self) -> Result<bool, Fault> {
        let rest = self.rest();
        let blank = rest.len() - rest.trim_start().len();
        if blank > 0 {
            self.at += blank;
            return Ok(true);
        }
        let hash = self.dialect == Dialect::MySql && rest.starts_with('#');
        if rest.starts_with("--") || hash {
            let unclear = matches!(self.dialect, Dialect::MySql | Dialect::Any);
            if !hash && unclear && !rest[2..].is_empty() && !rest[2..].starts_with([' ', '\t', '\n', '\r']) {
                return Err(DASHES);
            }
            self.at += rest.find('\n').unwrap_or(rest.len());
            return Ok(true);
        }
        let Some(inside) = rest.strip_prefix("/*") else { return Ok(false) };
        let end = inside.find("*/").ok_or(OPEN_COMMENT)?;
        if inside[..end].contains("/*") {
            return Err(NESTED);
        }
        // MySQL runs what stands in /*! … */, and takes hints from /*+ … */.
        if inside.starts_with('!') {
            return Err(("hidden-sql", "has a comment of MySQL's that is run: write its SQL plainly"));
        }
        self.at += end + 4;
        Ok(true)
    }

    /// A text or name up to `close`, which stands doubled inside.
    fn quoted(&mut self, prefix: usize, close: char, escapes: bool) -> Result<Token<'a>, Fault> {
        let body = self.rest().get(prefix + 1..).unwrap_or_default();
        let mut chars = body.char_indices().peekable();
        while let Some((at, character)) = chars.next() {
            if character == '\\' && self.dialect == Dialect::Any {
                return Err(BACKSLASH);
            }
            if character == '\\' && escapes {
                chars.next();
            } else if character == close {
                if chars.peek().is_some_and(|(_, next)| *next == close) {
                    chars.next();
                } else {
                    return Ok(self.take(TokenKind::Quoted, prefix + 1 + at + close.len_utf8()));
                }
            }
        }
        Err(OPEN_TEXT)
    }

    /// PostgreSQL's `$tag$ … $tag$`, or a placeholder.
    fn dollar(&mut self) -> Result<Token<'a>, Fault> {
        let rest = self.rest();
        let tag = word_length(&rest[1..]);
        let numbered = rest[1..].starts_with(|c: char| c.is_ascii_digit());
        let opens = rest[1 + tag..].starts_with('$') && !numbered;
        if !opens || !matches!(self.dialect, Dialect::Postgres | Dialect::Any) {
            let kind = if tag > 0 { TokenKind::Placeholder } else { TokenKind::Symbol };
            return Ok(self.take(kind, 1 + tag));
        }
        let (fence, body) = rest.split_at(tag + 2);
        let end = body.find(fence).ok_or(OPEN_TEXT)?;
        Ok(self.take(TokenKind::Quoted, fence.len() + end + fence.len()))
    }

    /// `::` casts and `:=` are symbols, `:name` is a parameter, `:1` somebody else's.
    fn colon(&mut self) -> Token<'a> {
        let after = &self.rest()[1..];
        match after.chars().next() {
            Some(':' | '=') => self.take(TokenKind::Symbol, 2),
            Some(digit) if digit.is_ascii_digit() => self.take(TokenKind::Placeholder, 1 + word_length(after)),
            Some(letter) if is_word(letter) => self.take(TokenKind::Parameter, 1 + word_length(after)),
            _ => self.take(TokenKind::Symbol, 1),
        }
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// How many bytes at the start of `text` belong to a word.
fn word_length(text: &str) -> usize {
    text.find(|c: char| !is_word(c)).unwrap_or(text.len())
}
