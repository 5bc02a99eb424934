// SPDX-License-Identifier: GPL-3.0-or-later
// wrangler.toml by toml++, which gives the place of each value.
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

    void takeVars(const toml::table &vars, const QString &environment)
    {
        std::vector<std::string> taken;
        for (const HeldVariable &held : m_known) { // The one that wins first, as the library has them.
            const std::string name = held.variable.name.toStdString();
            if (const toml::node *node = vars.get(name)) {
                take(held, *node, environment);
                taken.push_back(name);
            }
        }
        for (const auto &[key, node] : vars) {
            if (std::find(taken.begin(), taken.end(), key.str()) == taken.end()) {
                m_others.push_back({QString::fromUtf8(key.str().data(), qsizetype(key.str().size())), environment,
                                    int(key.source().begin.line)});
            }
        }
    }

    /// Where each key stands, of tables in tables too.
    void takeNames(const toml::table &table)
    {
        for (const auto &[key, node] : table) {
            const qsizetype from = m_places.offset(key.source().begin);
            const qsizetype end = m_places.offset(key.source().end);
            if (from >= 0 && end > from && end <= m_reading.file.text.size())
                m_reading.names.push_back({from, end - from});
            if (const toml::table *inner = node.as_table())
                takeNames(*inner);
            else if (const toml::array *list = node.as_array())
                takeNames(*list);
        }
    }

    void finish()
    {
        std::sort(m_reading.names.begin(), m_reading.names.end(), [](const auto &a, const auto &b) { return a.from < b.from; });
        takeVariables(m_found, &m_reading);
        nameNearMisses(m_others, m_known, &m_reading);
    }

private:
    void takeNames(const toml::array &list)
    {
        for (const toml::node &node : list) {
            if (const toml::table *inner = node.as_table())
                takeNames(*inner);
        }
    }

    void take(const HeldVariable &held, const toml::node &node, const QString &environment)
    {
        FoundVariable one;
        one.held = held;
        one.environment = environment;
        one.line = int(node.source().begin.line);
        const qsizetype from = m_places.offset(node.source().begin);
        const qsizetype end = m_places.offset(node.source().end);
        if (from < 0 || end < from || end > m_reading.file.text.size()) {
            one.problem = TimingReaderTexts::tr("its place in the file is not known");
            m_found.push_back(one);
            return;
        }
        const QByteArrayView raw = QByteArrayView(m_reading.file.text).sliced(from, end - from);
        QByteArrayView number;
        if (const auto *text = node.as_string()) {
            one.said = QByteArray::fromStdString(text->get());
            number = insideQuotes(raw).trimmed();
            QString why;
            const bool escaped = number.isEmpty() || number != QByteArrayView(one.said).trimmed();
            if (escaped && numberOf(one.said, held.variable.unit, &why))
                one.problem = TimingReaderTexts::tr("it contains escapes, which are not edited");
        } else if (const auto *integer = node.as_integer()) {
            one.said = QByteArray::number(qint64(integer->get()));
            number = raw.trimmed(); // May be written 30_000 or 0x7530.
        } else {
            one.problem = TimingReaderTexts::tr("it is neither a text nor a whole number");
        }
        if (!number.isEmpty())
            one.number = {number.data() - m_reading.file.text.constData(), number.size()};
        m_found.push_back(one);
    }

    TimingFileReading &m_reading;
    TomlPlaces m_places;
    std::vector<HeldVariable> m_known;
    std::vector<FoundVariable> m_found;
    std::vector<OtherVariable> m_others;
};

} // namespace

TimingFileReading readWrangler(const QByteArray &text, const TimingLibrary &library)
{
    TimingFileReading reading;
    reading.form = TimingFileReading::Form::Toml;
    reading.file.kind = TimingFileText::Kind::Wrangler;
    reading.file.text = text;
    toml::table root;
    try { // As Debian's library is built.
        root = toml::parse(std::string_view(text.constData(), size_t(text.size())));
    } catch (const toml::parse_error &mistake) {
        const std::string_view words = mistake.description();
        reading.errorLine = int(mistake.source().begin.line);
        reading.error = TimingReaderTexts::tr("line %1: %2")
                            .arg(mistake.source().begin.line)
                            .arg(QString::fromUtf8(words.data(), qsizetype(words.size())).simplified());
        return reading;
    }
    WranglerReading wrangler(reading, library);
    wrangler.takeNames(root);
    if (const toml::table *vars = root["vars"].as_table())
        wrangler.takeVars(*vars, {});
    if (const toml::table *environments = root["env"].as_table()) {
        for (const auto &[name, environment] : *environments) {
            const toml::table *table = environment.as_table();
            if (!table)
                continue;
            const std::string_view key = name.str();
            if (const toml::table *vars = (*table)["vars"].as_table())
                wrangler.takeVars(*vars, QString::fromUtf8(key.data(), qsizetype(key.size())));
        }
    }
    wrangler.finish();
    return reading;
}

} // namespace pulsedeck
