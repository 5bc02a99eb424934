// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/protocol/sourcetraits.h"

#include "models/core/enumtable.h"

#include <QCoreApplication>
#include <QMutex>
#include <QRegularExpression>

#include <algorithm>

#include <atomic>
#include <vector>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// A kind that is named in a record, and that no protocol has registered so far.
SourceTraits unknownKind(const QString &layout, const QString &kind)
{
    SourceTraits traits;
    traits.layout = layout;
    traits.worker = kind;
    traits.workers = kind;
    traits.counting = u"%Ln "_s + kind;
    traits.recordPrefix.clear();
    traits.ids.typed = false;
    traits.facts = {};
    traits.basis = BeatBasis::Stamp;
    for (ActTraits &act : traits.acts) {
        act = {};
        act.whyNot = QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "nothing is known of its kind"));
    }
    return traits;
}

/// Entries are never removed, so that a reference needs no lock. Only one of an unknown kind is replaced, once; who still reads
/// it may do so.
struct TraitsTable
{
    std::array<std::atomic<const SourceTraits *>, 256> entries{};
    std::array<bool, 256> assumed{}; ///< Of an unknown kind.
    std::vector<const SourceTraits *> replaced; ///< Kept for those who still read them; at most one per unknown kind.
    QMutex mutex;
    int count = 1;
    int assumedCount = 0;

    TraitsTable() { entries[0] = new SourceTraits; }

    const SourceTraits &at(int index) const { return *entries[size_t(index)].load(std::memory_order_relaxed); }
    /// Its index, or 0, the default, if there is no room.
    int append(const SourceTraits &traits)
    {
        if (count == int(entries.size()))
            return 0;
        entries[size_t(count)].store(new SourceTraits(traits), std::memory_order_release);
        return count++;
    }
};

TraitsTable &traitsTable()
{
    static auto *table = new TraitsTable; // Sources on other threads may outlive static objects.
    return *table;
}

} // namespace

QJsonValue SourceTraits::recordName(const QByteArray &id, bool child) const
{
    const QByteArray &before = prefixOf(child);
    return before.isEmpty() ? QJsonValue() : QJsonValue(QString::fromUtf8(before + id));
}

QString SourceTraits::actTitle(Act act) const
{
    return of(act).name.isEmpty() ? pulsedeck::actTitle(act) : traitText(of(act).name);
}

bool SourceTraits::hasOwnActs() const
{
    return std::any_of(acts.begin(), acts.end(),
                       [](const ActTraits &act) { return act.proof == ActProof::PickUp || !act.writes.isEmpty(); });
}

QString SourceTraits::actLabel(Act act) const
{
    const ActRow &row = actRow(act);
    const QString ours = actText(row.brief ? row.brief : row.title);
    const QString own = traitText(of(act).name);
    if (own.isEmpty() || own.compare(ours, Qt::CaseInsensitive) == 0)
        return own.isEmpty() ? ours : own;
    return QCoreApplication::translate("SourceTraits", "%1 (%2)", "an act as its system calls it, and as the console does")
        .arg(own, ours.left(1).toLower() + ours.mid(1));
}

QString SourceTraits::counted(qint64 count) const
{
    QString text = QCoreApplication::translate("SourceTraits", counting.toUtf8().constData(), nullptr, int(count));
    // The words of a file of somebody's own are in no catalogue.
    static const QRegularExpression either(u"\\(([\\w ]*)/([\\w ]*)\\)"_s);
    static const QRegularExpression ending(u"\\((e?s)\\)"_s);
    text.replace(either, count == 1 ? u"\\1"_s : u"\\2"_s);
    return text.replace(ending, count == 1 ? QString() : u"\\1"_s);
}

QString SourceTraits::countedJobs(qint64 count) const
{
    return QCoreApplication::translate("SourceTraits", countingJobs.toUtf8().constData(), nullptr, int(count));
}

QString SourceTraits::countingOf(const QString &unit)
{
    struct Unit
    {
        const char *word;
        const char *counting;
    };
    static constexpr Unit units[] = {
        {"job", QT_TRANSLATE_N_NOOP("SourceTraits", "%Ln job(s)")},
        {"task", QT_TRANSLATE_N_NOOP("SourceTraits", "%Ln task(s)")},
        {"thread", QT_TRANSLATE_N_NOOP("SourceTraits", "%Ln thread(s)")},
        {"process", QT_TRANSLATE_N_NOOP("SourceTraits", "%Ln process(es)")},
        {"message", QT_TRANSLATE_N_NOOP("SourceTraits", "%Ln message(s)")},
        {"session", QT_TRANSLATE_N_NOOP("SourceTraits", "%Ln session(s)")},
    };
    for (const Unit &one : units) {
        if (unit == QLatin1StringView(one.word))
            return QString::fromLatin1(one.counting);
    }
    return u"%Ln "_s + unit; // A word of a file of the user's own.
}

std::array<ActTraits, actCount> SourceTraits::keyActs()
{
    std::array<ActTraits, actCount> acts;
    for (const Act act : {Act::Shutdown, Act::Drain, Act::Resume})
        acts[size_t(act)].undoable = true;
    for (const Act act : {Act::Reap, Act::RemoveKey})
        acts[size_t(act)].proof = ActProof::Absence;
    const auto lacks = [&acts](std::initializer_list<Act> some, ActScope scope, const char *why) {
        for (const Act act : some) {
            acts[size_t(act)].whyNot = QString::fromLatin1(why);
            acts[size_t(act)].scope = scope;
        }
    };
    lacks({Act::Dump}, ActScope::Worker, QT_TRANSLATE_NOOP("SourceTraits", "there is no command for a thread dump"));
    lacks({Act::KillJob}, ActScope::Worker, QT_TRANSLATE_NOOP("SourceTraits", "there is no command that ends a running job"));
    lacks({Act::PauseFleet, Act::ResumeFleet}, ActScope::Fleet,
          QT_TRANSLATE_NOOP("SourceTraits", "there is no command that pauses the whole fleet"));
    lacks({Act::PauseQueue, Act::ResumeQueue}, ActScope::Queue,
          QT_TRANSLATE_NOOP("SourceTraits", "there is no command that pauses a queue"));
    return acts;
}

TraitsRef TraitsRef::of(const SourceTraits &traits)
{
    TraitsTable &table = traitsTable();
    const QMutexLocker lock(&table.mutex);
    for (int i = 0; i < table.count; ++i) {
        if (!table.assumed[size_t(i)] && table.at(i) == traits)
            return TraitsRef(i);
    }
    for (int i = 0; i < table.count; ++i) {
        if (table.assumed[size_t(i)] && table.at(i).worker == traits.kindName()
            && (table.at(i).layout.isEmpty() || table.at(i).layout == traits.layout)) {
            table.replaced.push_back(&table.at(i));
            table.entries[size_t(i)].store(new SourceTraits(traits), std::memory_order_release);
            table.assumed[size_t(i)] = false;
            return TraitsRef(i);
        }
    }
    return TraitsRef(table.append(traits));
}

TraitsRef TraitsRef::named(const QString &name)
{
    const qsizetype colon = name.indexOf(u':');
    const QString layout = name.left(qMax<qsizetype>(0, colon));
    const QString kind = name.mid(colon + 1);
    TraitsTable &table = traitsTable();
    const QMutexLocker lock(&table.mutex);
    for (int i = 0; i < table.count; ++i) {
        if (table.at(i).kindName() == kind && (layout.isEmpty() || table.at(i).layout == layout))
            return TraitsRef(i);
    }
    if (kind.isEmpty() || table.assumedCount == mostAssumed)
        return {};
    const int added = table.append(unknownKind(layout, kind));
    table.assumed[size_t(added)] = added > 0;
    ++table.assumedCount;
    return TraitsRef(added);
}

TraitsRef TraitsRef::ofId(const QByteArray &id)
{
    TraitsTable &table = traitsTable();
    const QMutexLocker lock(&table.mutex);
    for (int i = 0; i < table.count; ++i) {
        if (const QByteArray &before = table.at(i).ids.before; !before.isEmpty() && id.startsWith(before))
            return TraitsRef(i);
    }
    return {};
}

namespace {

/// One word of all kinds of which more is known, each once.
template <typename Word> QStringList wordsOfTable(Word word)
{
    TraitsTable &table = traitsTable();
    const QMutexLocker lock(&table.mutex);
    QStringList words;
    for (int i = 0; i < table.count; ++i) {
        if (!table.assumed[size_t(i)])
            words.append(word(table.at(i)));
    }
    words.removeDuplicates();
    return words;
}

} // namespace

QStringList TraitsRef::kindNames()
{
    return wordsOfTable([](const SourceTraits &traits) { return traits.kindName(); });
}

QStringList TraitsRef::systemWords()
{
    return wordsOfTable([](const SourceTraits &traits) { return traits.layout; });
}

const SourceTraits &TraitsRef::operator*() const
{
    return *traitsTable().entries[m_index].load(std::memory_order_acquire);
}

QString traitText(const QString &text)
{
    return tableText("SourceTraits", text.toUtf8().constData());
}

QString capitalised(QString word)
{
    if (!word.isEmpty())
        word[0] = word.at(0).toUpper();
    return word;
}

} // namespace pulsedeck
