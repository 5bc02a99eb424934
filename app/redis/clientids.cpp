// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/clientids.h"

#include "app/redis/keywatch.h"

#include <QStringDecoder>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// What Base64 stands for, if it is Base64 of a text in one line; empty otherwise.
QByteArray decodedText(const QByteArray &base64)
{
    const auto decoded = QByteArray::fromBase64Encoding(base64, QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded || (*decoded).isEmpty())
        return {};
    QStringDecoder utf8(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = utf8(*decoded);
    const auto isControl = [](QChar c) { return c.category() == QChar::Other_Control; };
    return utf8.hasError() || std::any_of(text.begin(), text.end(), isControl) ? QByteArray() : *decoded;
}

/// Of * and ?, as in a pattern of keys.
QRegularExpression patternOfNames(const QByteArray &glob)
{
    QString pattern = QRegularExpression::escape(QString::fromUtf8(glob));
    pattern.replace("\\*"_L1, ".*"_L1).replace("\\?"_L1, "."_L1);
    return QRegularExpression(QRegularExpression::anchoredPattern(pattern), QRegularExpression::DotMatchesEverythingOption);
}

} // namespace

ClientIds::ClientIds(const Layout &layout, const LayoutVariables &variables)
    : m_variables(variables)
    , m_accepted(layout.idPattern)
{
    for (const LayoutDiscovery &discovery : layout.discover) {
        if (discovery.kind != LayoutDiscovery::Kind::Clients)
            continue;
        Way way;
        way.discovery = discovery;
        const QByteArray pattern = discovery.key.resolve(variables);
        const auto wild = std::find_if(pattern.begin(), pattern.end(), [](char c) { return c == '*' || c == '?'; });
        way.head = pattern.first(wild - pattern.begin());
        way.isHead = pattern.size() == way.head.size() + 1 && pattern.endsWith('*');
        way.names = patternOfNames(pattern);
        way.groups = discovery.idFrom.namedCaptureGroups();
        way.groups.removeAll(QString());
        m_ways.push_back(way);
    }
}

bool ClientIds::isFor(const Layout &layout)
{
    return std::any_of(layout.discover.begin(), layout.discover.end(),
                       [](const LayoutDiscovery &one) { return one.kind == LayoutDiscovery::Kind::Clients; });
}

ClientIds::Named ClientIds::of(const ListedClient &client) const
{
    for (const Way &way : m_ways) {
        if (const Named named = read(way, client); named.fits)
            return named;
    }
    return {};
}

ClientIds::Named ClientIds::read(const Way &way, const ListedClient &client) const
{
    if (!client.name.startsWith(way.head))
        return {};
    if (client.name.size() > longestName)
        return {true, {}, {}, nullptr};
    const QString name = QString::fromUtf8(client.name);
    if (!way.isHead && !way.names.match(name).hasMatch())
        return {};
    const LayoutDiscovery &discovery = way.discovery;
    LayoutVariables variables = m_variables;
    if (!discovery.idFrom.pattern().isEmpty()) {
        const QRegularExpressionMatch match = discovery.idFrom.match(name);
        if (!match.hasMatch())
            return {}; // Another connection of that system, such as one that listens for its events.
        for (const QString &group : way.groups)
            variables.insert(group.toUtf8(), match.captured(group).toUtf8());
    }
    if (!discovery.base64.isEmpty()) {
        QByteArray &value = variables[discovery.base64];
        value = decodedText(value);
        if (value.isEmpty())
            return {true, {}, {}, nullptr};
    }
    variables.insert("member", client.name.toByteArray());
    variables.insert("addr", client.place());
    variables.insert("client", client.client.toByteArray());
    const QByteArray id = !discovery.memberIs.isEmpty()          ? discovery.memberIs.resolve(variables)
                          : discovery.idFrom.pattern().isEmpty() ? client.name.toByteArray()
                                                                 : variables.value("id");
    const bool accepted = m_accepted.pattern().isEmpty() || m_accepted.match(QString::fromUtf8(id)).hasMatch();
    return {true, id.size() > KeyWatch::longestId || !accepted ? QByteArray() : id, variables.value("queue"),
            discovery.unless.empty() ? nullptr : &discovery.unless};
}

} // namespace pulsedeck
