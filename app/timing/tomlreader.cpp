// SPDX-License-Identifier: GPL-3.0-or-later
// wrangler.toml by toml++, which tells where each value stands.
#include "app/timing/timingfilereading.h"

#include <toml++/toml.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// Byte offsets of toml++'s positions, which count lines and, in them, code points from 1.
class TomlPlaces
{
public:
    explicit TomlPlaces(const QByteArray &text)
        : m_text(text)
    {
        m_lines.push_back(text.startsWith("\xef\xbb\xbf") ? 3 : 0);
        for (qsizetype at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1))
            m_lines.push_back(at + 1);
    }

    /// -1 if there is no such place.
    qsizetype offset(const toml::source_position &position) const
    {
        if (position.line < 1 || position.line > m_lines.size())
            return -1;
        qsizetype at = m_lines[position.line - 1];
        for (auto column = position.column; column > 1; --column) {
            if (at >= m_text.size())
                return -1;
            ++at;
            while (at < m_text.size() && (static_cast<unsigned char>(m_text.at(at)) & 0xc0) == 0x80)
                ++at; // Inside a code point.
        }
        return at;
    }

private:
    const QByteArray &m_text;
    std::vector<qsizetype> m_lines;
};

/// The bytes of a string's content inside its quotes, of whichever of the four kinds; an empty view if these are no
/// quotes.
QByteArrayView insideQuotes(QByteArrayView raw)
{
    for (const char *quotes : {"\"\"\"", "'''", "\"", "'"}) {
        const QByteArrayView quote(quotes);
        if (raw.size() >= 2 * quote.size() && raw.startsWith(quote) && raw.endsWith(quote))
            return raw.sliced(quote.size(), raw.size() - 2 * quote.size());
    }
    return {};
}

class WranglerReading
{
public:
    WranglerReading(TimingFileReading &reading, const TimingLibrary &library)
        : m_reading(reading)
        , m_places(reading.file.text)
        , m_known(variablesOf(TimingFileText::Kind::Wrangler, library))
    { }

    /// \a section is empty for the [vars] that is in force.
    void takeVars(const toml::table &vars, const QString &section)
    {
        const auto nodeOf = [&vars](const HeldVariable &held) { return vars.get(held.variable.name.toStdString()); };
        for (const HeldVariable &held : m_known) {
            const toml::node *node = nodeOf(held);
            if (!node)
                continue;
            const bool beaten =
                !held.variable.wins && std::any_of(m_known.begin(), m_known.end(), [&](const HeldVariable &other) {
                    return other.id == held.id && other.variable.wins && nodeOf(other);
                });
            take(held, *node, section, beaten);
        }
    }

private:
    void take(const HeldVariable &held, const toml::node &node, const QString &section, bool beaten)
    {
        const int line = int(node.source().begin.line);
        const bool inForce = section.isEmpty() && !beaten;
        const QString name =
            section.isEmpty() ? held.variable.name : QString(held.variable.name + u" ["_s + section + u']');
        const auto wrong = [&](const QString &why) {
            m_reading.file.problems.push_back({line, QString(name + u": "_s + why)});
            if (inForce)
                m_reading.unreadable.emplace_back(held.id, line);
        };
        const qsizetype from = m_places.offset(node.source().begin);
        const qsizetype end = m_places.offset(node.source().end);
        if (from < 0 || end < from || end > m_reading.file.text.size()) {
            wrong(u"its place in the file is not known"_s);
            return;
        }
        const QByteArrayView raw = QByteArrayView(m_reading.file.text).sliced(from, end - from);
        QByteArray said;
        QByteArrayView number;
        if (const auto *text = node.as_string()) {
            said = QByteArray::fromStdString(text->get());
            number = insideQuotes(raw).trimmed();
        } else if (const auto *integer = node.as_integer()) {
            said = QByteArray::number(qint64(integer->get()));
            number = raw.trimmed(); // May be written 30_000 or 0x7530.
        } else {
            wrong(u"it is no text and no whole number"_s);
            return;
        }
        QString why;
        const std::optional<qint64> ms = numberOf(said, held.variable.unit, &why);
        if (!ms) {
            wrong(why);
            return;
        }
        if (number.isEmpty() || (node.is_string() && number != QByteArrayView(said).trimmed())) {
            wrong(u"it is written with escapes, which are not edited"_s);
            return;
        }
        m_reading.file.values.push_back({held.id, name, *ms, line, inForce});
        m_reading.places.push_back({number.data() - m_reading.file.text.constData(), number.size(), held.variable.unit,
                                    section.isEmpty() && beaten});
    }

    TimingFileReading &m_reading;
    TomlPlaces m_places;
    std::vector<HeldVariable> m_known;
};

} // namespace

TimingFileReading readWrangler(const QByteArray &text, const TimingLibrary &library)
{
    TimingFileReading reading;
    reading.isToml = true;
    reading.file.kind = TimingFileText::Kind::Wrangler;
    reading.file.text = text;
    toml::table root;
    try { // As Debian's library is built.
        root = toml::parse(std::string_view(text.constData(), size_t(text.size())));
    } catch (const toml::parse_error &mistake) {
        const std::string_view words = mistake.description();
        reading.errorLine = int(mistake.source().begin.line);
        reading.error = u"line %1: %2"_s.arg(mistake.source().begin.line)
                            .arg(QString::fromUtf8(words.data(), qsizetype(words.size())).simplified());
        return reading;
    }
    WranglerReading wrangler(reading, library);
    if (const toml::table *vars = root["vars"].as_table())
        wrangler.takeVars(*vars, {});
    if (const toml::table *environments = root["env"].as_table()) {
        for (const auto &[name, environment] : *environments) {
            const toml::table *table = environment.as_table();
            if (!table)
                continue;
            const std::string_view key = name.str();
            if (const toml::table *vars = (*table)["vars"].as_table())
                wrangler.takeVars(*vars, u"env.%1.vars"_s.arg(QString::fromUtf8(key.data(), qsizetype(key.size()))));
        }
    }
    return reading;
}

} // namespace pulsedeck
