// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/protocol/sourcetraits.h"

#include "models/core/enumtable.h"

#include <QCoreApplication>
#include <QMutex>

#include <atomic>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

SourceTraits makeHubTraits()
{
    SourceTraits traits;
    traits.system = u"Signal Hub"_s; // untranslated: a name
    traits.layout = u"hub"_s; // untranslated: a name
    traits.demo = QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "Demo hub"));
    traits.worker = QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "actor"));
    traits.workers = QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "actors"));
    traits.counting = QStringLiteral(QT_TRANSLATE_N_NOOP("SourceTraits", "%Ln actor(s)"));
    traits.beat = QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "renewal"));
    traits.records = QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "registrations"));
    traits.listing = QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "listing"));
    traits.secret = QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "token"));
    traits.schemes = {u"ws"_s, u"wss"_s, u"http"_s, u"https"_s};
    traits.exampleAddress = u"wss://host:8787/ws"_s;
    traits.usualPort = 8787;
    traits.recordPrefix.clear();
    traits.facts = SourceFact::Ttl | SourceFact::Capabilities | SourceFact::Messages;
    traits.basis = BeatBasis::Registration;
    const QString shutDown = QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "Shut down"));
    const QString removed = QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "the hub removes expired registrations itself"));
    traits.acts[size_t(Act::Shutdown)] = {shutDown, {}, ActScope::Worker, ActProof::Answer};
    traits.acts[size_t(Act::ShutdownNow)] = {shutDown, {}, ActScope::Worker, ActProof::Answer};
    traits.acts[size_t(Act::Drain)] = {{}, {}, ActScope::Worker, ActProof::Answer};
    traits.acts[size_t(Act::Resume)].whyNot =
        QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "there is no message that undoes an actor's drain"));
    traits.acts[size_t(Act::Cancel)].whyNot =
        QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "a message that was delivered cannot be withdrawn"));
    traits.acts[size_t(Act::Reap)].whyNot = removed;
    traits.acts[size_t(Act::RemoveKey)].whyNot = removed;
    return traits;
}

/// Entries are never changed or removed, so that a reference needs no lock.
struct TraitsTable
{
    std::array<std::atomic<const SourceTraits *>, 256> entries{};
    QMutex mutex;
    int count = 2;

    TraitsTable()
    {
        entries[0] = new SourceTraits;
        entries[1] = new SourceTraits(makeHubTraits());
    }
};

TraitsTable &traitsTable()
{
    static auto *table = new TraitsTable; // Sources on other threads may outlive static objects.
    return *table;
}

} // namespace

QJsonValue SourceTraits::recordName(const QByteArray &id) const
{
    return recordPrefix.isEmpty() ? QJsonValue() : QJsonValue(QString::fromUtf8(recordPrefix + id));
}

QString SourceTraits::actTitle(Act act) const
{
    return of(act).name.isEmpty() ? pulsedeck::actTitle(act) : traitText(of(act).name);
}

QString SourceTraits::counted(qint64 count) const
{
    return QCoreApplication::translate("SourceTraits", counting.toUtf8().constData(), nullptr, int(count));
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
    TraitsRef ref;
    for (int i = 0; i < table.count; ++i) {
        if (*table.entries[size_t(i)] == traits) {
            ref.m_index = quint8(i);
            return ref;
        }
    }
    if (table.count < int(table.entries.size())) {
        table.entries[size_t(table.count)] = new SourceTraits(traits);
        ref.m_index = quint8(table.count++);
    }
    return ref;
}

QStringList TraitsRef::workerWords()
{
    TraitsTable &table = traitsTable();
    const QMutexLocker lock(&table.mutex);
    QStringList words;
    for (int i = 0; i < table.count; ++i)
        words.append(table.entries[size_t(i)].load()->worker);
    words.removeDuplicates();
    return words;
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

TraitsRef hubTraits()
{
    static const TraitsRef traits = TraitsRef::of(makeHubTraits());
    return traits;
}

} // namespace pulsedeck
