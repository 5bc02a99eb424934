// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/keypatterns.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// \1 in \a glob is what stands for {prefix}.
QString expressionOf(const QByteArray &glob, const QByteArray &prefix)
{
    QString expression;
    for (qsizetype i = 0; i < glob.size(); ++i) {
        const char c = glob[i];
        if (c == '\1' && prefix.isEmpty())
            continue;
        if (const qsizetype end = c == '[' ? glob.indexOf(']', i + 1) : -1; end > i + 1) {
            // One of some characters, or of those between two.
            expression += u'[';
            for (qsizetype at = i + 1; at < end; ++at) {
                const bool plain = glob[at] == '-' || (glob[at] == '^' && at == i + 1);
                const QString one{QLatin1Char(glob[at])};
                expression += plain ? one : QRegularExpression::escape(one);
            }
            expression += u']';
            i = end;
            continue;
        }
        if (c == '\1')
            expression += u"(?<prefix>"_s + QRegularExpression::escape(QString::fromUtf8(prefix)) + u")"_s;
        else if (c == '*')
            expression += u".*"_s;
        else if (c == '?')
            expression += u"."_s;
        else
            expression += QRegularExpression::escape(QString(QLatin1Char(c)));
    }
    return expression;
}

bool isWild(char c)
{
    return c == '*' || c == '?' || c == '[' || c == ']';
}

/// The longest part of \a glob that has no wildcard.
QByteArray longestPlainPart(const QByteArray &glob)
{
    QByteArray longest;
    for (qsizetype i = 0; i < glob.size(); ++i) {
        if (glob[i] == '[') {
            const qsizetype end = glob.indexOf(']', i);
            i = end < 0 ? glob.size() : end;
            continue;
        }
        const auto end = std::find_if(glob.begin() + i, glob.end(), isWild);
        const QByteArray part = glob.sliced(i, end - glob.begin() - i);
        i += qMax<qsizetype>(0, part.size() - 1);
        if (part.size() > longest.size())
            longest = part;
    }
    return longest;
}

} // namespace

QRegularExpression KeyPatterns::expressionFor(const LayoutText &glob, const QByteArray &prefix)
{
    const QByteArray open = glob.resolve({{"prefix", QByteArray(1, '\1')}});
    QString expression;
    if (open.startsWith('*')) {
        // It finds the prefix itself: "*masters" stands for {prefix}masters, and "*fire*:servers", where more of the prefix is
        // known, for what ends with the colon.
        const qsizetype further = open.lastIndexOf('*');
        const qsizetype ends = further > 0 ? open.lastIndexOf(':') + 1 : 1;
        const qsizetype prefixEnds = ends > further ? ends : 1;
        expression =
            u"(?<prefix>"_s + expressionOf(open.first(prefixEnds), prefix) + u')' + expressionOf(open.sliced(prefixEnds), prefix);
    } else {
        expression = expressionOf(open, prefix);
    }
    return QRegularExpression(u'^' + expression + u'$', QRegularExpression::DotMatchesEverythingOption);
}

KeyPatterns::KeyPatterns(const std::vector<Layout> &layouts)
    : m_layouts(layouts)
{
    for (size_t i = 0; i < m_layouts.size(); ++i) {
        const Layout &layout = m_layouts[i];
        for (size_t place = 0; place < layout.detect.size(); ++place) {
            const LayoutDetection &detection = layout.detect[place];
            // Keys of a rare type are looked for by that type, and not among all keys.
            const bool typed = detection.type == LayoutKeyType::Stream && !detection.findsPrefix;
            if (detection.kind != LayoutDetection::Kind::Scan || typed)
                continue;
            m_patterns.push_back({i, keysFor(i, detection.pattern), place});
            if (detection.isByQueue())
                remember(i, detection.without);
            else if (!detection.without.isEmpty())
                m_patterns.push_back({i, keysFor(i, detection.without), place, true});
        }
        for (const LayoutCondition &condition : layout.queues.unless)
            remember(i, condition.key);
        for (const LayoutDiscovery &discovery : layout.discover) {
            for (const LayoutCondition &condition : discovery.unless)
                remember(i, condition.key);
        }
        const auto countBy = [this, i](const LayoutText &text, bool queues) {
            m_counted.push_back({i, queues, keysFor(i, text)});
        };
        if (!layout.discover.empty() && layout.discover.front().kind == LayoutDiscovery::Kind::Scan)
            countBy(layout.discover.front().key, false);
        // Streams are queues by their type, and not by what they are called.
        if (layout.queues.kind == LayoutQueues::Kind::Scan && !layout.findsOnly(LayoutDiscovery::Kind::Stream))
            countBy(layout.queues.key, true);
    }
}

KeyPatterns::Keys KeyPatterns::keysFor(size_t layout, const LayoutText &text) const
{
    const QByteArray prefix = m_layouts[layout].prefix;
    Keys keys{expressionFor(text, prefix), {}, {}, {}};
    const QByteArray glob = text.resolve({{"prefix", prefix}});
    const auto first = std::find_if(glob.begin(), glob.end(), isWild);
    const auto last = std::find_if(glob.rbegin(), glob.rend(), isWild);
    keys.head = glob.first(first - glob.begin());
    keys.tail = first == glob.end() ? QByteArray() : glob.last(last - glob.rbegin());
    keys.middle = longestPlainPart(glob);
    return keys;
}

void KeyPatterns::remember(size_t layout, const LayoutText &key)
{
    const Keys keys = keysFor(layout, key.with("queue", "*"));
    const bool known =
        std::any_of(m_markKeys.begin(), m_markKeys.end(), [&keys](const Keys &one) { return one.expression == keys.expression; });
    if (!known)
        m_markKeys.push_back(keys);
}

QByteArray KeyPatterns::queueOf(const Layout &layout, const QString &key) const
{
    return layout.queues.nameFrom.match(key).captured(u"queue").toUtf8();
}

void KeyPatterns::clear()
{
    m_excluded.clear();
    m_marks.clear();
    m_absent.clear();
    m_doubts.clear();
    for (Pattern &pattern : m_patterns)
        pattern.seen.clear();
    for (Counted &counted : m_counted) {
        counted.seen.clear();
        counted.names.clear();
        counted.sample.clear();
    }
}

bool KeyPatterns::see(QByteArrayView key, std::vector<Sign> *signs)
{
    bool known = false;
    for (const Keys &marks : m_markKeys) {
        if (m_marks.size() < mostMarks && marks.contains(key))
            m_marks.insert(key.toByteArray());
    }
    for (Pattern &pattern : m_patterns) {
        if (!pattern.keys.mayContain(key))
            continue;
        const QString text = QString::fromUtf8(key);
        const QRegularExpressionMatch match = pattern.keys.expression.match(text);
        if (!match.hasMatch())
            continue;
        const Layout &layout = m_layouts[pattern.layout];
        const LayoutDetection &detection = layout.detect[pattern.detection];
        if (!pattern.excludes && !detection.like.pattern().isEmpty() && !detection.like.match(text).hasMatch())
            continue;
        // Where what is in it decides, the name says too little to call it known.
        known = known || (!pattern.keys.head.isEmpty() && (pattern.excludes || !detection.looksInside()));
        if (pattern.excludes) {
            m_excluded.insert(pattern.layout);
            continue;
        }
        const QByteArray prefix = match.hasCaptured(u"prefix") ? match.captured(u"prefix").toUtf8() : layout.prefix;
        constexpr qsizetype mostPrefixes = 8;
        if (layout.prefixIsSet && prefix != layout.prefix)
            continue;
        if (prefix.size() > longestPrefix || (!pattern.seen.contains(prefix) && pattern.seen.size() >= mostPrefixes))
            continue;
        const Sign sign{pattern.layout, prefix, pattern.detection};
        if (detection.isByQueue()) {
            const QByteArray other =
                detection.without.resolve({{"prefix", prefix}, {"queue", queueOf(layout, text)}, {"key", key.toByteArray()}});
            if (m_doubts.size() < mostDoubts && !m_marks.contains(other))
                m_doubts.push_back({sign, key.toByteArray(), other});
            continue;
        }
        // The first key may be of another type by chance, and the next one is what is looked for.
        int &asked = pattern.seen[prefix];
        if (asked >= (detection.type == LayoutKeyType::Any ? 1 : mostTypesAsked))
            continue;
        ++asked;
        signs->push_back(sign);
    }
    return known;
}

std::vector<KeyPatterns::Doubt> KeyPatterns::takeDoubts()
{
    std::vector<Doubt> open;
    for (Doubt &doubt : std::exchange(m_doubts, {})) {
        if (m_marks.contains(doubt.other))
            continue;
        const Sign &sign = doubt.sign;
        const auto asked = std::count_if(open.begin(), open.end(), [&sign](const Doubt &one) {
            return one.sign.layout == sign.layout && one.sign.prefix == sign.prefix && one.sign.detection == sign.detection;
        });
        (asked < mostTypesAsked ? open : m_doubts).push_back(std::move(doubt));
    }
    return open;
}

QByteArray KeyPatterns::markOf(size_t layout, const LayoutCondition &condition, const QByteArray &queue) const
{
    return condition.key.resolve({{"prefix", m_layouts[layout].prefix}, {"queue", queue}});
}

std::optional<bool> KeyPatterns::isOthers(size_t layout, const LayoutConditions &unless, const QByteArray &queue,
                                          bool whole) const
{
    const bool allSeen = whole && m_marks.size() < mostMarks;
    bool isOpen = false;
    for (const LayoutCondition &condition : unless) {
        const QByteArray key = markOf(layout, condition, queue);
        const bool there = m_marks.contains(key);
        if (!there && !allSeen && !m_absent.contains(key))
            isOpen = true;
        else if ((there == (condition.kind == LayoutCondition::Kind::PresentKey)) == condition.negated)
            return false;
    }
    return isOpen ? std::nullopt : std::optional(!unless.empty());
}

QByteArrayList KeyPatterns::openMarks(size_t layout, const LayoutConditions &unless, const QByteArray &queue) const
{
    QByteArrayList open;
    for (const LayoutCondition &condition : unless) {
        const QByteArray key = markOf(layout, condition, queue);
        if (!m_marks.contains(key) && !m_absent.contains(key))
            open.append(key);
    }
    return open;
}

void KeyPatterns::learn(const QByteArray &key, bool there)
{
    QSet<QByteArray> &known = there ? m_marks : m_absent;
    if (known.size() < mostMarks)
        known.insert(key);
}

void KeyPatterns::count(QByteArrayView key)
{
    for (Counted &counted : m_counted) {
        if (!counted.keys.contains(key))
            continue;
        const Layout &layout = m_layouts[counted.layout];
        if (counted.queues) {
            QString name = QString::fromUtf8(key);
            if (!layout.queues.nameFrom.pattern().isEmpty()) {
                const QRegularExpressionMatch match = layout.queues.nameFrom.match(name);
                if (!match.hasMatch())
                    continue;
                name = match.captured(u"queue");
            }
            counted.names.insert(name);
        } else if (!layout.idPattern.pattern().isEmpty()) {
            const QByteArray around = layout.record.type == LayoutRecord::Type::None
                                          ? QByteArray()
                                          : layout.record.key.resolve({{"prefix", layout.prefix}, {"id", QByteArray(1, '\0')}});
            const qsizetype at = qMax<qsizetype>(0, around.indexOf('\0'));
            const qsizetype after = qMax<qsizetype>(0, around.size() - at - 1);
            if (key.size() < at + after
                || !layout.idPattern.match(QString::fromUtf8(key.sliced(at, key.size() - at - after))).hasMatch())
                continue;
        }
        counted.seen.insert(qHash(key));
        if (counted.sample.isEmpty())
            counted.sample = key.toByteArray();
    }
}

const KeyPatterns::Counted *KeyPatterns::counted(size_t layout, bool queues) const
{
    const auto at = std::find_if(m_counted.begin(), m_counted.end(),
                                 [&](const Counted &one) { return one.layout == layout && one.queues == queues; });
    return at == m_counted.end() ? nullptr : &*at;
}

} // namespace pulsedeck
