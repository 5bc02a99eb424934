// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timing/durationinput.h"

#include <QCoreApplication>

#include <array>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

struct Unit
{
    QLatin1StringView word;
    qint64 ms;
};

constexpr std::array<Unit, 16> units{{
    {"ms"_L1, 1},
    {"msec"_L1, 1},
    {"millisecond"_L1, 1},
    {"milliseconds"_L1, 1},
    {"s"_L1, 1'000},
    {"sec"_L1, 1'000},
    {"second"_L1, 1'000},
    {"seconds"_L1, 1'000},
    {"m"_L1, 60'000},
    {"min"_L1, 60'000},
    {"minute"_L1, 60'000},
    {"minutes"_L1, 60'000},
    {"h"_L1, 3'600'000},
    {"hour"_L1, 3'600'000},
    {"hours"_L1, 3'600'000},
    {"d"_L1, 86'400'000},
}};

constexpr qint64 mostMs = 100LL * 365 * 86'400'000; // A century: more is a typing error.

class DurationTexts
{
    Q_DECLARE_TR_FUNCTIONS(DurationTexts)
};

DurationInput wrong(const QString &text)
{
    return {0, text};
}

/// A decimal number taken exactly: digits and at most nine decimals, as digits × 10^-decimals.
struct Number
{
    qint64 digits = 0;
    qint64 scale = 1;
    bool hasFraction = false;
    bool mayBeThousands = false; ///< "1,500": half of the world reads one and a half, the other half fifteen hundred.
};

class DurationReader
{
public:
    explicit DurationReader(QStringView text)
        : m_text(text)
    { }

    bool atEnd() const { return m_at >= m_text.size(); }
    QChar peek() const { return atEnd() ? QChar() : m_text[m_at]; }
    void skipSpace()
    {
        while (!atEnd() && peek().isSpace())
            ++m_at;
    }
    bool take(QChar wanted)
    {
        if (peek() != wanted || atEnd())
            return false;
        ++m_at;
        return true;
    }
    static bool isDigit(QChar c) { return c >= u'0' && c <= u'9'; }

    /// False for no number, or one too large to be meant.
    bool number(Number *number, bool *tooLarge)
    {
        const qsizetype from = m_at;
        *number = {};
        while (isDigit(peek())) {
            number->digits = number->digits * 10 + peek().digitValue();
            ++m_at;
            if (number->digits > mostMs) {
                *tooLarge = true;
                return false;
            }
        }
        const qsizetype wholeDigits = m_at - from;
        const bool whole = wholeDigits > 0;
        if (peek() != u'.' && peek() != u',')
            return whole;
        // No group of thousands begins with a zero or has more than three digits before it.
        const bool comma = peek() == u',' && whole && wholeDigits <= 3 && m_text[from] != u'0';
        ++m_at;
        const qsizetype decimals = m_at;
        while (isDigit(peek())) {
            // Trailing zeros do not count; more than nine decimals of a day are far below a millisecond.
            if (peek() != u'0' || number->scale < 1'000'000'000) {
                if (number->scale >= 1'000'000'000 || number->digits > std::numeric_limits<qint64>::max() / 10 - 10)
                    return false;
                number->digits = number->digits * 10 + peek().digitValue();
                number->scale *= 10;
            }
            ++m_at;
        }
        number->hasFraction = true;
        number->mayBeThousands = comma && m_at - decimals == 3;
        return m_at > decimals;
    }

    QStringView word()
    {
        const qsizetype from = m_at;
        while (peek().isLetter() && !atEnd())
            ++m_at;
        return m_text.mid(from, m_at - from);
    }

private:
    QStringView m_text;
    qsizetype m_at = 0;
};

__extension__ typedef __int128 Wide; // Holds any product of a number and a unit.

/// digits × unit ÷ scale, if that is a whole number of milliseconds.
std::optional<qint64> exactMs(const Number &number, qint64 unit)
{
    const Wide product = Wide(number.digits) * unit;
    if (product % number.scale != 0)
        return std::nullopt;
    const Wide ms = product / number.scale;
    return ms > mostMs ? mostMs + 1 : qint64(ms);
}

DurationInput clockTime(DurationReader &reader, qint64 first)
{
    // "1:30" is minutes and seconds, "1:00:00" hours.
    qint64 total = first;
    int parts = 1;
    while (reader.take(u':')) {
        Number number;
        bool tooLarge = false;
        if (!reader.number(&number, &tooLarge) || number.hasFraction || number.digits > 59)
            return wrong(DurationTexts::tr("expected two digits up to 59 after a colon"));
        total = total * 60 + number.digits;
        ++parts;
    }
    if (!reader.atEnd() || parts > 3)
        return wrong(DurationTexts::tr("expected a time such as 1:30 or 1:00:00"));
    return total * 1'000 > mostMs ? wrong(DurationTexts::tr("too large")) : DurationInput{total * 1'000, {}};
}

} // namespace

DurationInput readDuration(QStringView text, TimingUnit bare)
{
    const QStringView trimmed = text.trimmed();
    if (trimmed.isEmpty())
        return wrong(DurationTexts::tr("expected a duration such as 10 s or 1m30s"));
    if (trimmed.startsWith(u'-') || trimmed.startsWith(u'−'))
        return wrong(DurationTexts::tr("a duration cannot be negative"));
    const QString noDuration = DurationTexts::tr("“%1” is not a duration such as 10 s or 1m30s").arg(trimmed.left(40));
    DurationReader reader(trimmed);
    qint64 total = 0;
    qint64 unitBefore = std::numeric_limits<qint64>::max();
    while (true) {
        reader.skipSpace();
        if (reader.atEnd())
            break;
        Number number;
        bool tooLarge = false;
        if (!reader.number(&number, &tooLarge))
            return wrong(tooLarge ? DurationTexts::tr("too large") : noDuration);
        if (number.mayBeThousands)
            return wrong(
                DurationTexts::tr("the comma in “%1” is ambiguous: leave it out, or use a decimal point").arg(trimmed.left(40)));
        if (unitBefore == std::numeric_limits<qint64>::max() && reader.peek() == u':' && !number.hasFraction)
            return clockTime(reader, number.digits);
        reader.skipSpace();
        const QString word = reader.word().toString().toLower();
        qint64 unit = 0;
        if (word.isEmpty()) {
            if (!reader.atEnd() || unitBefore != std::numeric_limits<qint64>::max())
                return wrong(noDuration);
            unit = unitMs(bare);
        }
        for (const Unit &known : units) {
            if (word == known.word)
                unit = known.ms;
        }
        if (unit == 0)
            return wrong(DurationTexts::tr("“%1” is not a unit: use ms, s, min, h or d").arg(word.left(40)));
        if (unit >= unitBefore)
            return wrong(DurationTexts::tr("the units are out of order: larger ones come first"));
        unitBefore = unit;
        const std::optional<qint64> ms = exactMs(number, unit);
        if (!ms)
            return wrong(DurationTexts::tr("smaller than a millisecond"));
        total += *ms;
        if (total > mostMs)
            return wrong(DurationTexts::tr("too large"));
    }
    return {total, {}};
}

} // namespace pulsedeck
