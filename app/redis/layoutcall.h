// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/scriptcall.h"
#include "models/layouts/layoutwrite.h"

namespace pulsedeck {

/// Writes conditions and ops of a layout, for one worker, queue or fleet, as the keys and arguments of
/// resources/lua/command-layout.lua, in the order in which that reads them. Used once; the layout outlives it.
class LayoutCall
{
public:
    /// A command of Redis that the script calls.
    struct Need
    {
        QByteArray word;
        QByteArray key; ///< Or the channel.
        bool channel = false;
        bool write = false;
    };
    /// \a tier: whose record is meant. \a lastBeat: what the operator was shown, Unix ms.
    LayoutCall(const Layout &layout, int tier, const LayoutVariables &values, qint64 lastBeat = 0);

    static const LayoutRecord &recordOf(const Layout &layout, int tier);
    /// The values of a layout's variables for a worker: its id and what the layout's pattern finds in it, the key of its record
    /// and its name among those registered.
    static LayoutVariables valuesFor(const Layout &layout, int tier, const QByteArray &prefix, const QByteArray &id);

    void add(const QByteArray &argument) { m_arguments.push_back(argument); }
    void addCount(qsizetype count) { add(QByteArray::number(count)); }
    /// The place of a key; of an empty one 0.
    void addKey(const QByteArray &key);
    /// All of \a conditions, and not all of \a once at the same time; how many there are stands before them.
    void addGuards(const LayoutConditions &conditions, const LayoutConditions &once = {});
    /// A group of guards: that what \a ops write is there.
    void addWritten(const std::vector<LayoutOp> &ops);
    void addOps(const std::vector<LayoutOp> &ops);

    ScriptCall call() const { return {"layout", m_keys, m_arguments}; }
    const std::vector<QByteArray> &keys() const { return m_keys; }
    /// What it needs to be permitted, in order, some more than once.
    const std::vector<Need> &needs() const { return m_needs; }

private:
    void addGuard(const LayoutCondition &condition);
    /// Null unless the condition is that a consumer has no entries that it has not acknowledged: what would delete it.
    const LayoutOp *deletionFor(const LayoutCondition &condition) const;
    void addAlive(bool negated);
    void addHead(const char *kind, bool negated, const char *code, const QByteArray &about = {});
    void addField(const QByteArray &field);
    void addPaths(const LayoutPaths &paths);
    void addPath(const QByteArray &from, const QByteArray &key, const QByteArray &name, const QStringList &steps = {});
    /// The value that a guard on time is about, with its unit before it.
    void addStamp(const LayoutCondition &condition, qint64 argument);
    void addText(const LayoutText &text);
    void needRead(const QByteArray &word, const QByteArray &key) { m_needs.push_back({word, key}); }
    QByteArray resolve(const LayoutText &text) const { return text.resolve(m_values); }
    const LayoutDiscovery *discoveryOf(const LayoutText &key) const;
    QByteArray countWordOf(const LayoutText &key) const;

    const Layout &m_layout;
    const int m_tier;
    const LayoutRecord &m_record;
    const LayoutVariables m_values;
    const qint64 m_lastBeat;
    QByteArray m_because; ///< Of the next guard: LayoutCondition::because.
    std::vector<QByteArray> m_keys;
    std::vector<QByteArray> m_arguments;
    std::vector<Need> m_needs;
};

/// Who says which workers are registered: the set, sorted set or hash; null if there is none.
const LayoutDiscovery *registryOf(const Layout &layout, int tier);

} // namespace pulsedeck
