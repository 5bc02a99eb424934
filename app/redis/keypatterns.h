// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/layouts/layout.h"

#include <QHash>
#include <QSet>

#include <optional>
#include <vector>

namespace pulsedeck {

/// What the names of keys show, as SCAN lists them: which systems may be there, and which keys are workers or queues of one. Of
/// what looks alike only a few are worth a question. A value; holds the layouts it was made for.
class KeyPatterns
{
public:
    static constexpr int mostTypesAsked = 4; ///< Keys of one pattern and prefix whose type is looked at.
    static constexpr qsizetype longestPrefix = 128;
    static constexpr qsizetype longestKey = 512; ///< A longer one is passed over.
    static constexpr size_t mostDoubts = 2'000; ///< Kept until they are taken.
    static constexpr qsizetype mostMarks = 10'000; ///< Keys that say whose a queue is; further ones are not remembered.

    /// A key that shows a system if it is what its detection says.
    struct Sign
    {
        size_t layout = 0;
        QByteArray prefix;
        size_t detection = 0; ///< The place in Layout::detect.
    };
    /// The same, unless another key is there, which says that its queue is another system's.
    struct Doubt
    {
        Sign sign;
        QByteArray key;
        QByteArray other;
    };
    /// Keys that a pattern stands for.
    struct Keys
    {
        QRegularExpression expression;
        QByteArray
            head; ///< What such a key begins with, ends with and has in between: compared first, for each of very many keys.
        QByteArray tail;
        QByteArray middle; ///< The longest part of the pattern that is given letter by letter.

        bool mayContain(QByteArrayView key) const { return key.startsWith(head) && key.endsWith(tail) && key.contains(middle); }
        bool contains(QByteArrayView key) const { return mayContain(key) && expression.match(QString::fromUtf8(key)).hasMatch(); }
    };
    /// Keys that are workers of a layout, or the names of its queues.
    struct Counted
    {
        size_t layout = 0;
        bool queues = false;
        Keys keys;
        QSet<size_t> seen = {}; ///< Hashes of keys: SCAN may give one twice.
        QSet<QString> names = {}; ///< Of queues, of which several keys may be there.
        QByteArray sample = {};
    };

    explicit KeyPatterns(const std::vector<Layout> &layouts);

    /// \a glob, a pattern of keys, as a regular expression. What stands for {prefix}, or for a star at its beginning, is the
    /// group "prefix".
    static QRegularExpression expressionFor(const LayoutText &glob, const QByteArray &prefix);

    bool isEmpty() const { return m_patterns.empty(); }
    void clear();
    /// A key; what it is a sign of is added to \a signs. Whether its name is known at all.
    bool see(QByteArrayView key, std::vector<Sign> *signs);
    /// The same key, as a worker or a queue.
    void count(QByteArrayView key);
    /// Those that no key seen so far settles, some of each system, and the others in later calls: whether the other key is there
    /// remains to be asked.
    std::vector<Doubt> takeDoubts();
    /// Whether a queue is another system's; nothing: the keys seen so far do not say. \a whole: all were, so that what was not
    /// seen is not there. The layout's own prefix counts.
    std::optional<bool> isOthers(size_t layout, const LayoutConditions &unless, const QByteArray &queue, bool whole) const;
    /// The keys that would say it and were not seen.
    QByteArrayList openMarks(size_t layout, const LayoutConditions &unless, const QByteArray &queue) const;
    /// Such a key was asked for.
    void learn(const QByteArray &key, bool there);
    /// A key has shown that this system is not there.
    bool isExcluded(size_t layout) const { return m_excluded.contains(layout); }
    /// Null where workers or queues of this layout are not known by keys of their own.
    const Counted *counted(size_t layout, bool queues) const;

private:
    struct Pattern
    {
        size_t layout = 0;
        Keys keys;
        size_t detection = 0; ///< The place in Layout::detect.
        bool excludes = false; ///< Such a key shows that it is another system.
        QHash<QByteArray, int> seen = {}; ///< Prefixes that were found by it, and how many of their keys were looked at.
    };

    Keys keysFor(size_t layout, const LayoutText &text) const;
    void remember(size_t layout, const LayoutText &key);
    QByteArray queueOf(const Layout &layout, const QString &key) const;
    QByteArray markOf(size_t layout, const LayoutCondition &condition, const QByteArray &queue) const;

    std::vector<Layout> m_layouts;
    std::vector<Pattern> m_patterns;
    std::vector<Counted> m_counted;
    std::vector<Keys> m_markKeys; ///< That say whose a queue is.
    QSet<QByteArray> m_marks; ///< Those of them that were seen.
    QSet<QByteArray> m_absent; ///< Those that Redis says are not there.
    std::vector<Doubt> m_doubts;
    QSet<size_t> m_excluded;
};

} // namespace pulsedeck
