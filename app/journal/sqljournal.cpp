// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/journal/sqljournal.h"

#include "app/journal/journalreader.h"
#include "app/journal/journalwriter.h"

#include <QFileInfo>
#include <QMetaMethod>
#include <QStandardPaths>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int appendedEveryMs = 250;
constexpr int pollEveryMs = 1'000;

} // namespace

SqlJournal::SqlJournal(const QString &path, qint64 keepForMs, QObject *parent)
    : SqlJournal(path, JournalLimits{keepForMs, JournalLimits::defaultMaxEntries, 0}, parent)
{ }

SqlJournal::SqlJournal(const QString &path, const JournalLimits &limits, QObject *parent)
    : Journal(parent)
    , m_writer(new JournalWriter(path, limits))
    , m_reader(new JournalReader(path))
{
    qRegisterMetaType<JournalState>();
    qRegisterMetaType<JournalPage>();
    qRegisterMetaType<QList<RollingRecord>>();
    qRegisterMetaType<QList<JournalEntry>>();
    m_state.path = limits.temporary ? QString() : path;
    m_state.keptForMs = limits.temporary ? 0 : limits.keepForMs;
    m_state.maxEntries = limits.maxEntries;

    m_writer->moveToThread(&m_writerThread);
    m_reader->moveToThread(&m_readerThread);
    connect(&m_writerThread, &QThread::started, m_writer, &JournalWriter::start);
    connect(&m_writerThread, &QThread::finished, m_writer, &QObject::deleteLater);
    connect(&m_readerThread, &QThread::finished, m_reader, &QObject::deleteLater);
    connect(m_writer, &JournalWriter::written, this, &Journal::written);
    connect(m_writer, &JournalWriter::stateFound, this, &SqlJournal::takeState);
    connect(m_writer, &JournalWriter::added, this, [this](qint64 entries) {
        m_state.entries = entries;
        emitAppended();
    });
    connect(m_reader, &JournalReader::answered, this, &Journal::answered);
    connect(m_reader, &JournalReader::plansRead, this, &Journal::plansRead);
    connect(m_reader, &JournalReader::commandHistoryRead, this, &Journal::commandHistoryRead);
    connect(m_reader, &JournalReader::endsRead, this, &Journal::endsRead);
    connect(m_reader, &JournalReader::damaged, m_writer, &JournalWriter::takeDamage);

    m_appendedTimer.setSingleShot(true);
    m_appendedTimer.setInterval(appendedEveryMs);
    connect(&m_appendedTimer, &QTimer::timeout, this, [this] {
        if (std::exchange(m_appendedDue, false))
            emitAppended();
    });
    // Other consoles are looked for only while somebody wants to know.
    m_pollTimer.setInterval(pollEveryMs);
    connect(&m_pollTimer, &QTimer::timeout, this, [this] {
        if (isSignalConnected(QMetaMethod::fromSignal(&Journal::appended)))
            QMetaObject::invokeMethod(m_writer, &JournalWriter::poll, Qt::QueuedConnection);
    });
    m_pollTimer.start();

    m_writerThread.setObjectName(u"journal writer"_s);
    m_readerThread.setObjectName(u"journal reader"_s);
    m_writerThread.start();
    m_readerThread.start();
}

SqlJournal::~SqlJournal()
{
    m_writer->disconnect(this);
    m_reader->disconnect(this);
    m_writer->postLast();
    m_writerThread.wait();
    m_readerThread.quit();
    m_readerThread.wait();
}

void SqlJournal::record(const QList<JournalEntry> &entries, quint64 token, const QList<RollingRecord> &plans)
{
    if (m_writer->post(JournalWriter::Write{entries, plans, {}, token}))
        return;
    m_refused += entries.size();
    m_state.lost += entries.size();
    if (token != 0)
        QMetaObject::invokeMethod(
            this, [this, token] { emit written(token, false); }, Qt::QueuedConnection);
}

/// Calls \a question with the reader, on its thread, after what waits to be written.
template <typename Question> void SqlJournal::ask(Question question)
{
    m_writer->post([reader = m_reader, question] {
        QMetaObject::invokeMethod(
            reader, [reader, question] { question(*reader); }, Qt::QueuedConnection);
    });
}

void SqlJournal::query(const JournalQuery &query, quint64 token)
{
    ask([query, token](JournalReader &reader) { reader.query(query, token); });
}

void SqlJournal::readPlans()
{
    ask([](JournalReader &reader) { reader.readPlans(); });
}

void SqlJournal::readCommandHistory(qint64 withinMs)
{
    ask([withinMs](JournalReader &reader) { reader.readCommandHistory(withinMs); });
}

void SqlJournal::writeEnds(const QList<EndRecord> &ends)
{
    m_writer->post(JournalWriter::Write{{}, {}, ends, 0});
}

void SqlJournal::readEnds(qint64 afterRow)
{
    ask([afterRow](JournalReader &reader) { reader.readEnds(afterRow); });
}

void SqlJournal::takeState(const JournalState &state)
{
    const bool news = state.recording != m_state.recording || state.message != m_state.message || m_state.entries < 0;
    m_state = state;
    m_state.lost += m_refused;
    if (news)
        emit stateChanged(m_state);
}

void SqlJournal::emitAppended()
{
    if (m_appendedTimer.isActive()) {
        m_appendedDue = true;
        return;
    }
    m_appendedTimer.start();
    emit appended();
}

QList<EndRecord> readEndsOf(const QString &path)
{
    QList<EndRecord> found;
    JournalReader reader(path);
    QObject::connect(&reader, &JournalReader::endsRead, &reader, [&found](const QList<EndRecord> &ends) { found = ends; });
    reader.readEnds(0);
    return found;
}

QList<JournalEntry> readHistoryOf(const QString &path, qint64 withinMs)
{
    QList<JournalEntry> found;
    JournalReader reader(path);
    QObject::connect(&reader, &JournalReader::commandHistoryRead, &reader,
                     [&found](const QList<JournalEntry> &entries) { found = entries; });
    reader.readCommandHistory(withinMs);
    return found;
}

QString defaultJournalPath()
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) % u"/pulsedeck"_s;
    const QString path = folder % u"/journal.sqlite"_s;
    // Earlier versions kept it one folder deeper. It stays there: it may be in use, and is three files.
    const QString before = folder % u"/pulsedeck/journal.sqlite"_s;
    return !QFileInfo::exists(path) && QFileInfo::exists(before) ? before : path;
}

} // namespace pulsedeck
