// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/layouts/layoutpattern.h"

#include "models/layouts/layoutcatalog.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qsizetype longestLayoutName = 40;

QByteArray jsonString(const QString &text)
{
    return QJsonDocument(QJsonArray{text}).toJson(QJsonDocument::Compact).chopped(1).sliced(1);
}

/// What shows that such workers are there: the key that they all are in, or keys like theirs.
QByteArray detectionOf(const LayoutDiscovery &discovery)
{
    switch (discovery.kind) {
    case LayoutDiscovery::Kind::Scan:
        return discovery.type == LayoutKeyType::Hash ? R"({ "scan": "{prefix}*", "type": "hash" })"
                                                     : R"({ "scan": "{prefix}*", "type": "string" })";
    case LayoutDiscovery::Kind::SortedSet:
        return R"({ "exists": "{prefix}", "type": "zset" })";
    case LayoutDiscovery::Kind::Set:
        return R"({ "exists": "{prefix}", "type": "set" })";
    case LayoutDiscovery::Kind::Hash:
        return R"({ "exists": "{prefix}", "type": "hash" })";
    default:
        return R"({ "exists": "{prefix}" })";
    }
}

} // namespace

std::vector<const Layout *> LayoutPattern::all()
{
    std::vector<const Layout *> patterns;
    for (const Layout &layout : LayoutCatalog::builtIn().layouts()) {
        if (layout.isTemplate)
            patterns.push_back(&layout);
    }
    return patterns;
}

QString LayoutPattern::nameFor(const QString &title)
{
    QString name;
    for (const QChar c : title.toLower()) {
        const bool plain = (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9');
        if (plain && (!name.isEmpty() || c.isLetter()))
            name += c;
        else if (!name.isEmpty() && !name.endsWith(u'-'))
            name += u'-';
    }
    name.truncate(longestLayoutName);
    while (name.endsWith(u'-'))
        name.chop(1);
    return name;
}

QByteArray LayoutPattern::fill(const Layout &pattern, const QString &name, const QString &title, const QString &prefix)
{
    // Line by line, so that the file stays as people write it.
    QByteArrayList lines;
    bool named = false; // Other parts of the file have titles, too.
    for (const QByteArray &line : pattern.json.split('\n')) {
        const QByteArray member = line.trimmed();
        if (line.startsWith("  \"layout\":")) {
            lines.append("  \"$schema\": \"layout.schema.json\",");
            lines.append("  \"layout\": " + jsonString(name) + ',');
        } else if (!named && line.startsWith("  \"title\":")) {
            lines.append("  \"title\": " + jsonString(title) + ',');
            named = true;
        } else if (line.startsWith("  \"prefix\":")) {
            lines.append("  \"prefix\": " + jsonString(prefix) + ',');
        } else if (member.startsWith("\"template\":")) {
            lines.append("  \"detect\": [" + detectionOf(pattern.discover.front()) + "],");
        } else {
            lines.append(line);
        }
    }
    return lines.join('\n');
}

} // namespace pulsedeck
