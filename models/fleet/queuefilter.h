// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/queuefacts.h"

#include <QCoreApplication>
#include <QStringList>

#include <vector>

namespace pulsedeck {

/// The filter of the Queues page. Terms are separated by spaces and all have to hold: free text (in name, system and source,
/// case-insensitive), queue:W, system:W, source:W, state:W (active, paused, unserved, growing, idle; several words with commas:
/// any of them), waiting, working, delayed, oldest, in, out and workers with < > <= >= = and a number (oldest: a duration such as
/// 10s or 5m); "not " or "-" before a term negates it; "quotes" keep spaces. What is not reported satisfies no comparison. A
/// filter with an invalid term matches nothing, and problems() names it. A value; any thread.
class QueueFilter
{
    Q_DECLARE_TR_FUNCTIONS(QueueFilter)

public:
    static QueueFilter parse(const QString &text);

    bool isEmpty() const { return m_tests.empty() && m_problems.isEmpty(); }
    bool isReadable() const { return m_problems.isEmpty(); }
    QString text() const { return m_text; }
    /// One sentence per invalid term.
    QStringList problems() const { return m_problems; }
    bool matches(const QueueFacts &queue) const;

private:
    enum class Key { Text, Queue, System, Source, State, Waiting, Working, Delayed, Oldest, In, Out, Workers };
    struct Test
    {
        Key key = Key::Text;
        bool negated = false;
        QString operation; ///< "<", ">=" and so on, for numbers.
        double bound = 0;
        QStringList words; ///< In lower case; any of them.
    };
    struct KeyName
    {
        const char *name;
        Key key;
        bool number;
    };
    static const std::vector<KeyName> &keyNames();
    static bool holds(const Test &test, const QueueFacts &queue);
    void add(const QString &term, bool negated);

    std::vector<Test> m_tests;
    QStringList m_problems;
    QString m_text;
};

} // namespace pulsedeck
